"""A training starts by itself for a reason, or says why it does not."""

from dataclasses import replace

import pytest

from gardener_core.training.retraining.by_itself import Situation, decide
from gardener_core.training.retraining.drift import Drift
from gardener_core.training.retraining.steps import update_steps

DRIFTED = Situation(True, "", "v2", True, Drift(100, 10, 3))
LITTLE = replace(DRIFTED, drift=Drift(100, 9, 3), commits=19)


@pytest.mark.parametrize(
    ("now", "kind", "why"),
    [
        (Situation(False), "none", "training.by_itself is off"),
        (replace(DRIFTED, enabled=False), "none", "training.by_itself is off"),
        (replace(DRIFTED, obstacle="the machine is busy"), "none", "the machine is busy"),
        (Situation(True), "train", "no adapter yet"),
        (Situation(True, was_trained=True), "none", "taken away"),
        (replace(DRIFTED, drift=None), "none", "was not recorded"),
        (replace(DRIFTED, drift=Drift(100, 0), commits=50), "none", "nothing changed since v2"),
        (DRIFTED, "update", "10 of 100 symbols changed (10%) since v2"),
        (LITTLE, "none", "19 commits: too little to update"),
        (replace(LITTLE, commits=20), "update", "20 commits since v2"),
        (replace(LITTLE, drift=Drift(100, 9, 6, 0, 4)), "update", "10 files changed or are new"),
    ],
)
def test_every_situation_has_its_decision(now: Situation, kind: str, why: str) -> None:
    decision = decide(now)
    assert decision.kind == kind
    assert why in decision.why


def test_an_update_takes_at_most_three_tenths_of_a_full_run() -> None:
    assert update_steps(250, Drift(100, 2)) == 10
    assert update_steps(250, Drift(100, 90)) == 75
    assert update_steps(250, Drift(100, 0), new_share=0.05) == 25
    assert update_steps(60, Drift(1000, 1)) == 4
    assert update_steps(6, Drift(10, 10)) == 1
    assert update_steps(1, Drift(10, 10)) == 1
