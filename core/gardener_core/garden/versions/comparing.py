"""Compare versions by their figures."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from gardener_core.errors import Damaged
from gardener_core.evaluation.card.card import Card, read_card
from gardener_core.evaluation.card.figures import Figure, FileSums, figure_of, relative_change
from gardener_core.evaluation.card.items import ITEMS, Item, Measure, read_items
from gardener_core.garden.versions.listing import Version

BITS: Measure = "bits_per_byte"
Bits = Mapping[tuple[str, str], float]  # by path and text


@dataclass(frozen=True, slots=True)
class ComparedVersion:
    """A version with its figures; what was not measured is None.

    `against` is the change of its bits per byte from the first version's to its own, over the files
    that were scored of both; below 0 is better.
    """

    version: Version
    bits: Figure | None = None
    base_bits: Figure | None = None
    change: Figure | None = None
    exact_match: Figure | None = None
    invented: Figure | None = None
    forgotten: Figure | None = None
    against: Figure | None = None


@dataclass(frozen=True, slots=True)
class Compared:
    """Versions beside each other; the others are held against the first."""

    versions: tuple[ComparedVersion, ...]

    @property
    def first(self) -> str:
        """The version that the others are held against."""
        return self.versions[0].version.adapter.version


def compared(folder: Path, versions: Sequence[Version]) -> Compared:
    """The figures of these versions, whose folders are in this one."""
    first = _bits_of(folder / versions[0].adapter.version)
    return Compared(
        tuple(
            _of(folder / one.adapter.version, one, first if place else {})
            for place, one in enumerate(versions)
        )
    )


def _of(folder: Path, version: Version, first: Bits) -> ComparedVersion:
    card = _card(folder)
    if card is None:
        return ComparedVersion(version)
    change = card.difference(BITS, "adapter", "base")
    forgotten = card.difference("foreign_bits_per_byte", "adapter", "base")
    return ComparedVersion(
        version,
        bits=card.arms.adapter.bits_per_byte,
        base_bits=card.arms.base.bits_per_byte,
        change=change.figure if change else None,
        exact_match=card.arms.adapter.exact_match,
        invented=card.arms.adapter.invented_names,
        forgotten=forgotten.figure if forgotten else None,
        against=_against(first, _bits_of(folder)) if first else None,
    )


def _against(first: Bits, own: Bits) -> Figure | None:
    """Paired by text: what was scored of only one of them says nothing."""
    both = sorted(first.keys() & own.keys())
    sums = (FileSums(path, own[path, text], 0.0, first[path, text], 0.0, 1) for path, text in both)
    return figure_of(sums, relative_change)


def _bits_of(folder: Path) -> Bits:
    """The bits of each held-out text with the adapter; none where there are no items."""
    try:
        return dict(_bits_in(read_items(folder / ITEMS)))
    except Damaged:
        return {}


def _bits_in(items: Iterable[Item]) -> Iterator[tuple[tuple[str, str], float]]:
    for item in items:
        outcome = item.arms.get("adapter")
        if item.measure == BITS and outcome is not None and outcome.bits is not None:
            yield (item.path, item.expected), outcome.bits


def _card(folder: Path) -> Card | None:
    try:
        return read_card(folder)
    except Damaged:
        return None
