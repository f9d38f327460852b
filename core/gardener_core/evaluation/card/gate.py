"""Decide whether an adapter may answer."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from gardener_core.evaluation.card.figures import Figure

Verdict = Literal["pass", "fail", "inconclusive", "unmeasurable"]
ConditionName = Literal[
    "held out", "unseen", "forgetting", "specificity", "with context", "invented names"
]
# What must be shown before an adapter may answer; the rest may be beyond measuring.
REQUIRED: frozenset[ConditionName] = frozenset({"held out", "unseen", "forgetting", "specificity"})
LEAST_GAIN = 0.01
MOST_LOST_MATCHES = 0.02
MOST_INVENTED = 0.01
MOST_FORGOTTEN = 0.03
FEWEST_FILES, FEWEST_WRITTEN = 6, 16  # below, an interval says nothing


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition with its value, its bound and its verdict.

    `needed` is about how many more files or items would decide it; `reason` says why it could not
    be measured.
    """

    name: ConditionName
    verdict: Verdict
    bound: float
    value: float = 0.0
    low: float = 0.0
    high: float = 0.0
    n: int = 0
    files: int = 0
    needed: int = 0
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Gate:
    """All conditions, and what they say together.

    `on_bits_only` where nothing that the adapter writes could be judged.
    """

    verdict: Literal["pass", "fail", "inconclusive"]
    conditions: tuple[Condition, ...]
    on_bits_only: bool = False


@dataclass(frozen=True, slots=True)
class GateFigures:
    """What the gate reads: changes from base to adapter, and what could not be had.

    `held_out` and `forgetting` are shares of the base's bits per byte, `specificity` is how much
    more of them the adapter saves than twice what the control saves. `seen` counts the held-out
    files that the adapter has read; None where it is not known what it was trained on.
    """

    held_out: Figure | None
    forgetting: Figure | None
    specificity: Figure | None
    matches: Figure | None
    matches_at_floor: bool
    invented: Figure | None
    invented_at_floor: bool
    seen: int | None
    scored: int
    missing: str = ""


def gate_of(measured: GateFigures) -> Gate:
    """Every condition, and the verdict."""
    conditions = (
        _held_out(measured.held_out),
        _unseen(measured.seen, measured.scored),
        _below("forgetting", measured.forgetting, MOST_FORGOTTEN, "no foreign code was read"),
        _specificity(measured.specificity),
        _matches(measured),
        _invented(measured),
    )
    return Gate(_together(conditions), conditions, _is_on_bits_only(conditions))


def _together(conditions: Sequence[Condition]) -> Literal["pass", "fail", "inconclusive"]:
    if any(one.verdict == "fail" for one in conditions):
        return "fail"
    required = (one for one in conditions if one.name in REQUIRED)
    undecided = any(one.verdict == "inconclusive" for one in conditions)
    if undecided or any(one.verdict != "pass" for one in required):
        return "inconclusive"
    return "pass"


def _is_on_bits_only(conditions: Sequence[Condition]) -> bool:
    others = [one for one in conditions if one.name not in REQUIRED]
    return all(one.verdict == "unmeasurable" for one in others)


def _held_out(change: Figure | None) -> Condition:
    if change is None:
        return _unmeasurable("held out", -LEAST_GAIN, "no held-out file was scored")
    if change.files < FEWEST_FILES:
        needed = FEWEST_FILES - change.files
        return _condition("held out", "inconclusive", -LEAST_GAIN, change, needed)
    if change.high < 0 and change.mean <= -LEAST_GAIN:
        return _condition("held out", "pass", -LEAST_GAIN, change)
    if change.low > -LEAST_GAIN or change.high < 0:
        return _condition("held out", "fail", -LEAST_GAIN, change)
    return _condition("held out", "inconclusive", -LEAST_GAIN, change, _needed(change, 0.0))


def _unseen(seen: int | None, scored: int) -> Condition:
    if seen is None:
        return _unmeasurable("unseen", 0.0, "there is no record of what it was trained on")
    verdict: Verdict = "fail" if seen else "pass"
    return Condition("unseen", verdict, 0.0, seen, seen, seen, scored, scored)


def _specificity(more: Figure | None) -> Condition:
    if more is None:
        return _unmeasurable("specificity", 0.0, "no control was measured")
    if more.low > 0:
        return _condition("specificity", "pass", 0.0, more)
    if more.high <= 0:
        return _condition("specificity", "fail", 0.0, more)
    return _condition("specificity", "inconclusive", 0.0, more, _needed(more, 0.0))


def _matches(measured: GateFigures) -> Condition:
    bound, change = -MOST_LOST_MATCHES, measured.matches
    if change is None:
        return _unmeasurable("with context", bound, measured.missing or "nothing was completed")
    if measured.matches_at_floor:
        reason = "neither base nor adapter completed one exactly"
        return _unmeasurable("with context", bound, reason)
    if change.n < FEWEST_WRITTEN:
        return _too_few("with context", bound, change)
    if change.low > bound:
        return _condition("with context", "pass", bound, change)
    if change.high < bound:
        return _condition("with context", "fail", bound, change)
    return _condition("with context", "inconclusive", bound, change, _needed(change, bound))


def _invented(measured: GateFigures) -> Condition:
    if measured.invented is None:
        reason = "names are counted in Python only, and there were none"
        return _unmeasurable("invented names", MOST_INVENTED, reason)
    if measured.invented_at_floor:
        reason = "neither base nor adapter invented a name"
        return _unmeasurable("invented names", MOST_INVENTED, reason)
    change = measured.invented
    if change.n < FEWEST_WRITTEN:
        return _too_few("invented names", MOST_INVENTED, change)
    # Its mean decides: an interval of one point would take thousands of names.
    if change.mean <= MOST_INVENTED:
        return _condition("invented names", "pass", MOST_INVENTED, change)
    return _below("invented names", change, MOST_INVENTED, "")


def _too_few(name: ConditionName, bound: float, change: Figure) -> Condition:
    """So few are equal by chance: they need about as many times more files."""
    missing = math.ceil(change.files * (FEWEST_WRITTEN / change.n - 1))
    return _condition(name, "inconclusive", bound, change, missing)


def _below(name: ConditionName, change: Figure | None, bound: float, missing: str) -> Condition:
    """A figure that must not rise above a bound."""
    if change is None:
        return _unmeasurable(name, bound, missing)
    if change.high <= bound:
        return _condition(name, "pass", bound, change)
    if change.low > bound:
        return _condition(name, "fail", bound, change)
    return _condition(name, "inconclusive", bound, change, _needed(change, bound))


def _needed(change: Figure, bound: float) -> int:
    """How many more files would decide it, if they were like these.

    An interval narrows with the root of their number.
    """
    distance = abs(change.mean - bound)
    half = (change.high - change.low) / 2
    if not distance:
        return 10 * change.files
    wanted = math.ceil(change.files * (half / distance) ** 2)
    return max(1, min(wanted - change.files, 1000))


def _condition(
    name: ConditionName, verdict: Verdict, bound: float, change: Figure, needed: int = 0
) -> Condition:
    return Condition(
        name, verdict, bound, change.mean, change.low, change.high, change.n, change.files, needed
    )


def _unmeasurable(name: ConditionName, bound: float, reason: str) -> Condition:
    return Condition(name, "unmeasurable", bound, reason=reason)
