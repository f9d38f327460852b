"""The card of an adapter: what was measured, and how."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from gardener_core.errors import Damaged
from gardener_core.evaluation.card.figures import Figure
from gardener_core.evaluation.card.gate import Gate
from gardener_core.system.files.atomic import write_whole
from gardener_core.system.files.regular import read_object
from gardener_core.system.records import rebuild

CARD, MARKDOWN = "card.json", "card.md"
FORMAT = 1


@dataclass(frozen=True, slots=True)
class ArmFigures:
    """What one arm scored; what was not measured of it is None."""

    bits_per_byte: Figure | None = None
    perplexity: Figure | None = None
    exact_match: Figure | None = None
    edit_similarity: Figure | None = None
    scope_exact_match: Figure | None = None
    scope_edit_similarity: Figure | None = None
    scope_codebleu: Figure | None = None
    scope_bleu: Figure | None = None
    parses: Figure | None = None
    invented_names: Figure | None = None
    foreign_bits_per_byte: Figure | None = None


@dataclass(frozen=True, slots=True)
class Arms:
    """The four arms, and the adapter of the wrong project."""

    base: ArmFigures
    base_context: ArmFigures
    adapter: ArmFigures
    adapter_context: ArmFigures
    control: ArmFigures


@dataclass(frozen=True, slots=True)
class Difference:
    """A paired difference between two arms in one measure; a share of the other where relative."""

    measure: str
    arm: str
    against: str
    relative: bool
    figure: Figure


@dataclass(frozen=True, slots=True)
class FileGroup:
    """Bits per byte of the files of one language or folder, with the change by the adapter."""

    kind: str
    name: str
    base: Figure
    adapter: Figure
    change: Figure


@dataclass(frozen=True, slots=True)
class Found:
    """How well search found the definitions that masked statements use."""

    mrr: Figure
    recall_1: Figure
    recall_5: Figure
    recall_10: Figure


@dataclass(frozen=True, slots=True)
class Setting:
    """What was measured with: whoever repeats it needs all of it."""

    project: str
    version: str
    adapter_sha256: str
    base: str
    base_sha256: str
    commit: str
    files_sha256: str
    minutes: float
    seconds: float
    window_tokens: int
    context_tokens: int
    number_format: str
    control: str
    measured: str
    program: str
    libraries: tuple[str, ...]

    @property
    def command(self) -> str:
        """What to type to measure it again."""
        return f"gardener score {self.project} {self.version} --minutes {self.minutes:g}"


@dataclass(frozen=True, slots=True)
class Card:
    """All figures of one adapter with their intervals, and the gate.

    `items` is the path of the file that holds every item, `n` how many there are. `human_names` is
    the share of names that the same check finds nowhere in what people wrote. `held_out_files` are
    all that could have been scored, `left_out` those of which the adapter had read something.
    """

    setting: Setting
    arms: Arms
    differences: tuple[Difference, ...]
    groups: tuple[FileGroup, ...]
    gate: Gate
    n: int
    held_out_files: int
    left_out: tuple[str, ...] = ()
    search: Found | None = None
    human_names: Figure | None = None
    notes: tuple[str, ...] = ()
    items: str = ""
    format: int = FORMAT

    def difference(self, measure: str, arm: str, against: str) -> Difference | None:
        """One difference, where it was measured."""
        for one in self.differences:
            if (one.measure, one.arm, one.against) == (measure, arm, against):
                return one
        return None


def write_card(folder: Path, card: Card) -> None:
    """Write the card of an adapter into its folder."""
    write_whole(folder / CARD, json.dumps(card_fields(card), indent=1).encode(), durable=True)


def card_fields(card: Card) -> dict[str, Any]:
    """A card as JSON; what was not measured is absent."""
    fields: dict[str, Any] = _without_none(asdict(card))
    return {"command": card.setting.command, **fields}


def read_card(folder: Path) -> Card | None:
    """The card in an adapter's folder; None where it was not scored."""
    path = folder / CARD
    try:
        card: Card = rebuild(Card, read_object(path))
        return card
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError, TypeError):
        raise Damaged(f"{path} cannot be read.", hint="Score the adapter again.") from None


def _without_none(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_none(item) for key, item in value.items() if item is not None}
    if isinstance(value, list | tuple):
        return [_without_none(item) for item in value]
    return value
