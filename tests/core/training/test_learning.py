"""A run that goes wrong halves its rate, stops early, skips a step, or ends with words."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from gardener_core.errors import TrainingDiverged
from gardener_core.evaluation.split import SourceFile
from gardener_core.events.train import (
    Checkpointed,
    EarlyStopped,
    HeldOutScored,
    RateHalved,
    StepDone,
    StepSkipped,
)
from gardener_core.events.union import Event
from gardener_core.models.tokens import TextTokens
from gardener_core.system.interrupts import Interruptible
from gardener_core.training.course import Course
from gardener_core.training.held_out_points import HeldOutPoints
from gardener_core.training.learner import Learner
from gardener_core.training.learning import Learning, learn
from gardener_core.training.loop import train
from gardener_core.training.lora import LoraModel
from gardener_core.training.plan import TrainPlan
from gardener_core.training.rows import TrainingRow

Plans = Callable[..., TrainPlan]
# What the held-out files score, by the factor of the rate and the step.
SCORES = {
    1.0: {0: 1.0, 2: 1.1, 4: 1.2},
    0.5: {2: 0.9, 4: 0.8, 6: 0.85, 8: 0.9, 10: 0.95},
}


class ScriptedPoints(HeldOutPoints):
    """Points of which the test says what they are."""

    def is_due(self, course: Course) -> bool:
        self.bits = SCORES[course.rate_factor].get(course.step, 0.0)
        return super().is_due(course)

    def bits_per_byte(self, model: LoraModel, interruptible: Interruptible) -> float:
        return self.bits


def run_of(plan: TrainPlan) -> Learning:
    """Forty steps on numbers; only the points are made up."""
    rows = [TrainingRow.of_text(torch.arange(first, first + 33)) for first in range(12)]
    file = SourceFile("a.py", "value = 1\n")
    points = ScriptedPoints([file], TextTokens(plan.base.folder), plan.settings)
    return learn(replace(plan, settings=replace(plan.settings, steps=40)), rows, points)


@pytest.fixture(scope="module")
def turning(
    plan_of: Plans, tmp_path_factory: pytest.TempPathFactory
) -> tuple[TrainPlan, list[Event]]:
    """A run that gets worse from the start, and begins anew."""
    plan = plan_of(tmp_path_factory.mktemp("turning"))
    return plan, list(run_of(plan))


@pytest.mark.long
def test_a_rate_that_makes_all_worse_is_halved_and_the_run_begins_anew(
    turning: tuple[TrainPlan, list[Event]],
) -> None:
    plan, events = turning
    halved = next(event for event in events if isinstance(event, RateHalved))
    assert halved == RateHalved(4, plan.settings.learning_rate / 2)
    at = events.index(halved)
    first = next(event for event in events if isinstance(event, StepDone))
    again = [event for event in events[at:] if isinstance(event, StepDone)]
    assert (again[0].step, again[0].loss) == (1, first.loss)
    assert again[0].learning_rate == first.learning_rate / 2
    assert again[1].loss != next(e.loss for e in events if isinstance(e, StepDone) and e.step == 2)


@pytest.mark.long
def test_the_best_step_is_kept_where_the_last_ones_are_worse(
    turning: tuple[TrainPlan, list[Event]],
) -> None:
    plan, events = turning
    assert next(event for event in events if isinstance(event, EarlyStopped)) == EarlyStopped(10, 4)
    kept = load_file(plan.folder / "checkpoints" / "best" / "adapter.safetensors")
    saved = load_file(plan.adapter / "adapter_model.safetensors")
    assert all(torch.equal(kept[name], saved[name]) for name in kept)


@pytest.mark.long
def test_a_run_killed_around_its_turns_comes_to_the_same_end(
    turning: tuple[TrainPlan, list[Event]], plan_of: Plans, tmp_path: Path
) -> None:
    plan = plan_of(tmp_path)
    halved = RateHalved(4, plan.settings.learning_rate / 2)
    events: list[Event] = []
    for mark in (HeldOutScored, Checkpointed(0), halved, EarlyStopped(10, 4)):
        running = run_of(plan)
        for event in running:
            events.append(event)
            if event == mark or type(event) is mark:
                break
        running.close()
    events += run_of(plan)
    assert losses(events) == losses(turning[1])
    assert weights(plan) == weights(turning[0])


def test_three_steps_without_finite_numbers_end_the_run_with_words(
    plan_of: Plans, tmp_path: Path
) -> None:
    plan = plan_of(tmp_path, learning_rate=1e38, measured=False)
    events = []
    with pytest.raises(TrainingDiverged, match="3 steps in a row, up to step 4") as problem:
        events += train(plan)
    assert "by step 0 can be kept" in problem.value.hint
    with pytest.raises(TrainingDiverged):  # resumed, it does not go on with what is no number
        list(train(plan))


def test_a_step_without_finite_numbers_changes_nothing(plan_of: Plans, tmp_path: Path) -> None:
    plan = plan_of(tmp_path)
    model = LoraModel(plan.base, plan.settings)
    learner = Learner(plan, model)
    row = TrainingRow.of_text(torch.arange(40))
    assert isinstance(learner.step([row], 1, 0.01), StepDone)
    weight = model.trainable[0]
    before = [one.detach().clone() for one in model.trainable]
    with torch.no_grad():
        weight[0, 0] = float("nan")
    assert learner.step([row], 2, 0.01) == StepSkipped(2, "loss")
    with torch.no_grad():
        weight.copy_(before[0])
    handle = weight.register_hook(lambda gradient: gradient * float("inf"))
    assert learner.step([row], 3, 0.01) == StepSkipped(3, "gradient")
    handle.remove()
    assert all(map(torch.equal, before, model.trainable))
    assert isinstance(learner.step([row], 4, 0.01), StepDone)


def losses(events: list[Event]) -> dict[int, float]:
    return {event.step: event.loss for event in events if isinstance(event, StepDone)}


def weights(plan: TrainPlan) -> bytes:
    return (plan.adapter / "adapter_model.safetensors").read_bytes()
