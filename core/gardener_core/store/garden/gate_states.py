"""The states of an adapter, and the moves between them."""

from collections.abc import Mapping
from typing import Literal, assert_never, get_args

from gardener_core.errors import BadInput

# Trained and not measured; measured, and the gate could not decide; passed and failed; made by a
# run that was ended early; put away.
GateState = Literal["trained", "scored", "passed", "failed", "partial", "archived"]
_MEASURED: frozenset[GateState] = frozenset({"scored", "passed", "failed"})
_MOVES: Mapping[GateState, frozenset[GateState]] = {
    "trained": _MEASURED | {"archived"},
    "partial": _MEASURED | {"archived"},
    "scored": _MEASURED | {"archived"},
    "passed": _MEASURED | {"archived"},
    "failed": _MEASURED | {"archived"},
    "archived": frozenset({"trained"}),
}


def require_move(before: GateState, after: GateState) -> None:
    """Refuse a move that makes no sense, such as scoring what was put away."""
    if after not in _MOVES[before]:
        raise BadInput(
            f"An adapter that is {before} cannot become {after}.",
            hint="Bring it back first." if before == "archived" else "Measure it first.",
        )


def state_after(verdict: Literal["pass", "fail", "inconclusive"]) -> GateState:
    """The state of an adapter that was measured, by what the gate said."""
    match verdict:
        case "pass":
            return "passed"
        case "fail":
            return "failed"
        case "inconclusive":
            return "scored"
        case _ as never:
            assert_never(never)


def state_named(name: str) -> GateState:
    """A state of the database; one of a newer version counts as not measured."""
    for state in get_args(GateState):
        if state == name:
            known: GateState = state
            return known
    return "trained"


def caveat_of(state: GateState, reason: str) -> str:
    """What has to be said beside the answers of an adapter; empty if it passed."""
    match state:
        case "passed":
            return ""
        case "trained":
            found = "not measured"
        case "partial":
            found = "partial, not measured"
        case "scored":
            found = "measured, undecided"
        case "failed":
            found = "failed the gate"
        case "archived":
            found = "archived"
        case _ as never:
            assert_never(never)
    return f"{found}; used because: {reason}" if reason else found
