"""The gate cannot be flattered, and says what is missing."""

from dataclasses import replace

import pytest

from gardener_core.evaluation.card.figures import Figure
from gardener_core.evaluation.card.gate import Condition, GateFigures, gate_of
from gardener_core.evaluation.card.words import needed_of, verdict_of

GOOD = GateFigures(
    held_out=Figure(-0.15, -0.19, -0.10, 12, 12),
    forgetting=Figure(0.01, 0.0, 0.02, 20, 20),
    specificity=Figure(0.08, 0.05, 0.11, 12, 12),
    matches=Figure(0.05, -0.01, 0.12, 60, 12),
    matches_at_floor=False,
    invented=Figure(-0.01, -0.03, 0.005, 60, 12),
    invented_at_floor=False,
    seen=0,
    scored=12,
)


def condition(measured: GateFigures, name: str) -> Condition:
    return next(one for one in gate_of(measured).conditions if one.name == name)


def test_a_good_adapter_passes_every_condition() -> None:
    gate = gate_of(GOOD)
    assert gate.verdict == "pass" and not gate.on_bits_only
    assert {one.verdict for one in gate.conditions} == {"pass"}


def test_zeros_make_no_difference_and_fail() -> None:
    gate = gate_of(replace(GOOD, held_out=Figure(0.0, 0.0, 0.0, 12, 12)))
    assert gate.verdict == "fail"
    assert verdict_of(gate) == "It failed: there is no difference to the base."


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"held_out": Figure(0.05, 0.02, 0.08, 12, 12)}, "held out"),
        ({"held_out": Figure(-0.005, -0.008, -0.002, 12, 12)}, "held out"),
        ({"forgetting": Figure(0.06, 0.04, 0.08, 20, 20)}, "forgetting"),
        ({"specificity": Figure(-0.02, -0.04, 0.0, 12, 12)}, "specificity"),
        ({"matches": Figure(-0.08, -0.12, -0.03, 60, 12)}, "with context"),
        ({"invented": Figure(0.04, 0.02, 0.06, 60, 12)}, "invented names"),
        ({"seen": 2}, "unseen"),
    ],
)
def test_one_condition_that_fails_fails_the_adapter(change: dict[str, object], name: str) -> None:
    measured = replace(GOOD, **change)  # type: ignore[arg-type]
    assert gate_of(measured).verdict == "fail"
    assert condition(measured, name).verdict == "fail"


@pytest.mark.parametrize(
    ("change", "verdict"),
    [
        (Figure(-0.01, -0.06, 0.05, 40, 12), "pass"),
        (Figure(0.02, -0.03, 0.07, 40, 12), "inconclusive"),
        (Figure(0.05, 0.02, 0.08, 40, 12), "fail"),
    ],
)
def test_invented_names_must_not_be_more_on_average(change: Figure, verdict: str) -> None:
    assert condition(replace(GOOD, invented=change), "invented names").verdict == verdict


def test_nothing_against_nothing_is_not_measurable_and_never_passed() -> None:
    zero = Figure(0.0, 0.0, 0.0, 40, 12)
    measured = replace(
        GOOD, matches=zero, matches_at_floor=True, invented=zero, invented_at_floor=True
    )
    assert condition(measured, "with context").verdict == "unmeasurable"
    assert condition(measured, "invented names").verdict == "unmeasurable"
    gate = gate_of(measured)
    assert gate.verdict == "pass" and gate.on_bits_only
    assert verdict_of(gate) == "It passed, on bits per byte only."


def test_what_is_undecided_says_how_many_more_files_it_needs() -> None:
    measured = replace(GOOD, held_out=Figure(-0.04, -0.12, 0.04, 10, 10))
    undecided = condition(measured, "held out")
    assert (undecided.verdict, undecided.needed) == ("inconclusive", 30)
    assert needed_of(undecided) == "about 30 more files would decide it"
    assert gate_of(measured).verdict == "inconclusive"


def test_few_statements_are_equal_by_chance_and_decide_nothing() -> None:
    equal = Figure(0.0, 0.0, 0.0, 4, 4)
    measured = replace(GOOD, matches=equal, invented=equal)
    for name in ("with context", "invented names"):
        undecided = condition(measured, name)
        assert (undecided.verdict, undecided.needed) == ("inconclusive", 12)
    assert gate_of(measured).verdict == "inconclusive"


def test_few_files_decide_nothing_however_good_they_look() -> None:
    measured = replace(GOOD, held_out=Figure(-0.3, -0.3, -0.3, 3, 3))
    assert condition(measured, "held out").needed == 3
    assert gate_of(measured).verdict == "inconclusive"


@pytest.mark.parametrize("missing", ["held_out", "forgetting", "specificity", "seen"])
def test_nothing_passes_while_a_required_condition_is_not_measured(missing: str) -> None:
    gate = gate_of(replace(GOOD, **{missing: None}))  # type: ignore[arg-type]
    assert gate.verdict == "inconclusive"
