"""Compare the figures of two adapters."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from gardener_core.evaluation.card.card import ArmFigures, Card
from gardener_core.evaluation.card.composing import arm_figures, between
from gardener_core.evaluation.card.figures import Figure
from gardener_core.evaluation.card.gate import FEWEST_FILES, FEWEST_WRITTEN
from gardener_core.evaluation.card.items import ArmName, Item
from gardener_core.evaluation.comparing.shared_items import FIRST, SECOND, shared_items

# Which of the two is better; that no difference is seen; that there is too little to tell; that
# the two were not measured on the same.
Outcome = Literal["first", "second", "neither", "undecided", "incomparable"]
ARMS: tuple[ArmName, ...] = ("adapter", "adapter_context")
TEXTS = ("bits_per_byte", "foreign_bits_per_byte")
LESS_IS_BETTER = frozenset({*TEXTS, "invented_names"})
MEASURES = (
    "bits_per_byte",
    "exact_match",
    "edit_similarity",
    "scope_edit_similarity",
    "scope_codebleu",
    "parses",
    "invented_names",
    "foreign_bits_per_byte",
)


@dataclass(frozen=True, slots=True)
class MeasuredAdapter:
    """The card of an adapter, and the items that its figures are of."""

    card: Card
    items: Sequence[Item]


@dataclass(frozen=True, slots=True)
class ComparedFigure:
    """One figure of two adapters, over the items that both were given.

    `difference` is from the first to the second, paired; a share of the first where `relative`.
    Where nothing is paired, the figures are those of the cards, and `reason` says why.
    """

    measure: str
    arm: ArmName
    outcome: Outcome
    first: Figure | None = None
    second: Figure | None = None
    difference: Figure | None = None
    relative: bool = False
    reason: str = ""


def compared_figures(first: MeasuredAdapter, second: MeasuredAdapter) -> tuple[ComparedFigure, ...]:
    """Every figure that either of two adapters has."""
    return tuple(one for arm in ARMS for one in _of_arm(first, second, arm))


def _of_arm(
    first: MeasuredAdapter, second: MeasuredAdapter, arm: ArmName
) -> Iterator[ComparedFigure]:
    shared = shared_items(first.items, second.items, arm)
    paired = {one.measure: one for one in between(shared, SECOND, FIRST)}
    of_first, of_second = arm_figures(shared, FIRST), arm_figures(shared, SECOND)
    for measure in MEASURES:
        alone = _figure(_arm(first.card, arm), measure), _figure(_arm(second.card, arm), measure)
        if alone == (None, None):
            continue
        found = paired.get(measure)
        reason = _why_not(first.card, second.card, measure, alone)
        if found is None or reason:
            reason = reason or _why_unshared(first.card, second.card, measure)
            yield ComparedFigure(measure, arm, "incomparable", *alone, reason=reason)
            continue
        outcome, reason = _outcome(measure, found.figure)
        yield ComparedFigure(
            measure, arm, outcome, _figure(of_first, measure), _figure(of_second, measure),
            found.figure, found.relative, reason,
        )  # fmt: skip


def _why_not(
    first: Card, second: Card, measure: str, alone: tuple[Figure | None, Figure | None]
) -> str:
    """Why a figure cannot be compared though there may be shared items."""
    for card, figure in zip((first, second), alone, strict=True):
        if figure is None:
            return f"not measured of {card.setting.version}"
    windows = (first.setting.window_tokens, second.setting.window_tokens)
    if measure in TEXTS and windows[0] != windows[1]:
        return f"read in windows of {windows[0]} and {windows[1]} tokens"
    return ""


def _why_unshared(first: Card, second: Card, measure: str) -> str:
    """Why no item is the same."""
    if measure == "foreign_bits_per_byte":
        return "other foreign code was read"
    if first.setting.project != second.setting.project:
        return "they are of different projects, so the files differ"
    if first.setting.files_sha256 != second.setting.files_sha256:
        return "the held-out files differ"
    if first.setting.base_sha256 != second.setting.base_sha256:
        return "their bases were given different pieces"
    return "no piece was given to both"


def _outcome(measure: str, difference: Figure) -> tuple[Outcome, str]:
    """Which is better, as far as the interval shows it."""
    if difference.files < FEWEST_FILES:
        return "undecided", f"{FEWEST_FILES} files are the least"
    if measure not in TEXTS and difference.n < FEWEST_WRITTEN:
        return "undecided", f"{FEWEST_WRITTEN} pieces are the least"
    if difference.low <= 0 <= difference.high:
        return "neither", ""
    return ("second" if (difference.high < 0) == (measure in LESS_IS_BETTER) else "first"), ""


def _arm(card: Card, arm: ArmName) -> ArmFigures:
    figures: Mapping[ArmName, ArmFigures] = {
        "adapter": card.arms.adapter,
        "adapter_context": card.arms.adapter_context,
    }
    return figures[arm]


def _figure(arm: ArmFigures, measure: str) -> Figure | None:
    figure: Figure | None = getattr(arm, measure)
    return figure
