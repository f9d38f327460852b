"""Word the conditions of the gate and the figures of a card."""

from typing import assert_never

from gardener_core.evaluation.card.card import Card
from gardener_core.evaluation.card.figures import Figure
from gardener_core.evaluation.card.gate import Condition, ConditionName, Gate, Verdict

VERDICTS: dict[Verdict, str] = {
    "pass": "passed",
    "fail": "failed",
    "inconclusive": "undecided",
    "unmeasurable": "not measurable",
}
_ASKS: dict[ConditionName, str] = {
    "held out": "bits per byte on held-out files, adapter against base",
    "unseen": "held-out files that the adapter had read",
    "forgetting": "bits per byte on foreign code, adapter against base",
    "specificity": "bits saved on held-out files beyond twice what the control saves",
    "with context": "exact matches with context, adapter against base",
    "invented names": "names that exist nowhere, adapter against base",
}


def asked(condition: Condition) -> str:
    """What a condition looks at."""
    return _ASKS[condition.name]


def bound_of(condition: Condition) -> str:
    """What it takes to pass."""
    match condition.name:
        case "held out":
            return "-1 % or less, all of the interval below 0"
        case "unseen":
            return "none"
        case "forgetting":
            return "at most +3 %"
        case "specificity":
            return "all of the interval above 0"
        case "with context":
            return "not 2 points fewer"
        case "invented names":
            return "on average at most 1 point more"
        case _ as never:
            assert_never(never)


def value_of(condition: Condition) -> str:
    """The value with its interval, or why there is none."""
    if condition.verdict == "unmeasurable":
        return condition.reason
    if condition.name == "unseen":
        return f"{int(condition.value)} of {condition.n}"
    figure = Figure(condition.value, condition.low, condition.high, condition.n, condition.files)
    if condition.name in ("with context", "invented names"):
        return points(figure)
    return percent(figure)


def needed_of(condition: Condition) -> str:
    """What would decide it."""
    if not condition.needed:
        return ""
    return (
        f"about {condition.needed} more file{'s' if condition.needed > 1 else ''} would decide it"
    )


def verdict_of(gate: Gate) -> str:
    """The verdict in a sentence."""
    match gate.verdict:
        case "pass":
            return "It passed, on bits per byte only." if gate.on_bits_only else "It passed."
        case "fail":
            failed = [one for one in gate.conditions if one.verdict == "fail"]
            if any(one.name == "held out" and one.low == one.high == 0 for one in failed):
                return "It failed: there is no difference to the base."
            return f"It failed: {_names(failed)}."
        case "inconclusive":
            left = [one for one in gate.conditions if one.verdict == "inconclusive"]
            left = left or [one for one in gate.conditions if one.verdict == "unmeasurable"]
            return f"It neither passed nor failed: {_names(left)}."
        case _ as never:
            assert_never(never)


def percent(figure: Figure) -> str:
    """A relative change with its interval."""
    return f"{figure.mean:+.1%} ({figure.low:+.1%} to {figure.high:+.1%})"


def points(figure: Figure) -> str:
    """A difference of shares in points, with its interval."""
    mean, low, high = (100 * value for value in (figure.mean, figure.low, figure.high))
    return f"{mean:+.1f} points ({low:+.1f} to {high:+.1f})"


def plain_figure(figure: Figure | None, as_share: bool) -> str:
    """A figure with its interval; a dash where there is none."""
    if figure is None:
        return "-"
    if as_share:
        return f"{figure.mean:.1%} ({figure.low:.1%}-{figure.high:.1%})"
    return f"{figure.mean:.3f} ({figure.low:.3f}-{figure.high:.3f})"


def what_it_says(card: Card) -> str:
    """What the card comes to in one line."""
    change = card.difference("bits_per_byte", "adapter", "base")
    gained = f"bits per byte {percent(change.figure)}" if change else "nothing was measured"
    return f"{card.setting.version} on {card.setting.base}: {gained}. {verdict_of(card.gate)}"


def _names(conditions: list[Condition]) -> str:
    return ", ".join(one.name for one in conditions)
