"""What there is to measure of an adapter."""

from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

from gardener_core.evaluation.card.items import Item, Measure
from gardener_core.evaluation.measuring.masking import Masked, masked_parts
from gardener_core.evaluation.measuring.shares import Shares
from gardener_core.evaluation.measuring.texts import TextMeasure
from gardener_core.evaluation.measuring.writing import WriteMeasure
from gardener_core.evaluation.sample import beginnings, in_drawn_order
from gardener_core.evaluation.split import SourceFile
from gardener_core.events.run import PhaseAdvanced
from gardener_core.events.union import Event
from gardener_core.jobs.scoring.kept_items import KeptItems

# Characters of each file: of few files more is read, so that the time is used.
FEWEST_CHARACTERS, CHARACTERS = 2_400, 30_000
FOREIGN_CHARACTERS = 1_600
MOST_FILES, MOST_PARTS, MOST_FOREIGN = 400, 400, 40
_SHOWN: Mapping[Measure, str] = {
    "bits_per_byte": "files",
    "statement": "statements",
    "scope": "bodies",
    "foreign": "foreign code",
    "fold": "folds",
}


@dataclass(slots=True)
class Candidates:
    """Everything that could be measured, in the order in which it is; nobody chose the files."""

    files: Sequence[SourceFile]
    statements: Sequence[Masked]
    scopes: Sequence[Masked]
    foreign: Sequence[SourceFile]
    _at: dict[Measure, int] = field(default_factory=dict)

    def counts(self) -> dict[Measure, int]:
        """How many there are of each part."""
        return {
            "bits_per_byte": len(self.files),
            "statement": len(self.statements),
            "scope": len(self.scopes),
            "foreign": len(self.foreign),
        }

    def skip(self, items: Sequence[Item]) -> None:
        """Go on behind those that were measured before."""
        for item in items:
            self._at[item.measure] = self._at.get(item.measure, 0) + 1

    def next(self, measure: Measure) -> int:
        """The place of the next one of a part."""
        at = self._at.get(measure, 0)
        self._at[measure] = at + 1
        return at


def candidates_in(
    held_out: Sequence[SourceFile],
    foreign: Sequence[SourceFile],
    elsewhere: Callable[[str, str], bool],
) -> Candidates:
    """The beginnings of files in the order of their draw, and what is masked in them."""
    characters = max(FEWEST_CHARACTERS * len(held_out), CHARACTERS)
    files = in_drawn_order(beginnings(held_out, MOST_FILES, characters))
    return Candidates(
        files,
        list(islice(masked_parts(held_out, "statement", elsewhere), MOST_PARTS)),
        list(islice(masked_parts(held_out, "scope", elsewhere), MOST_PARTS)),
        beginnings(foreign, MOST_FOREIGN, FOREIGN_CHARACTERS * len(foreign)),
    )


def measured(
    candidates: Candidates,
    shares: Shares,
    texts: TextMeasure,
    writing: WriteMeasure,
    kept: KeptItems,
) -> Generator[Event, str | None, None]:
    """Measure one item after another until the time is used; each is kept at once."""
    shares.take(kept.items)
    candidates.skip(kept.items)
    while (measure := shares.next()) is not None:
        spent, whole = int(shares.spent), int(shares.expected)
        item: Item
        match measure:
            case "bits_per_byte":
                file = candidates.files[candidates.next(measure)]
                yield PhaseAdvanced("measuring", spent, whole, "seconds", file.path)
                item = texts.file(file)
            case "foreign":
                file = candidates.foreign[candidates.next(measure)]
                yield PhaseAdvanced("measuring", spent, whole, "seconds", _SHOWN[measure])
                item = texts.foreign(file)
            case "statement" | "scope":
                parts = candidates.statements if measure == "statement" else candidates.scopes
                part = parts[candidates.next(measure)]
                place = f"{part.path}:{part.line}"
                yield PhaseAdvanced("measuring", spent, whole, "seconds", place)
                item = writing.item(part)
            case "fold":  # has no share of the time
                continue
        kept.add(item)
        shares.take([item])
    spent = int(shares.spent)
    yield PhaseAdvanced("measuring", spent, spent, "seconds")
