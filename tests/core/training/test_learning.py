"""A run that goes wrong halves its rate, stops early, skips a step, or ends with words."""

from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from gardener_core.errors import TrainingDiverged
from gardener_core.events.train import (
    Checkpointed,
    EarlyStopped,
    HeldOutScored,
    RateHalved,
    StepDone,
    StepSkipped,
)
from gardener_core.events.union import Event
from gardener_core.training.learner import Learner
from gardener_core.training.loop import train
from gardener_core.training.lora import LoraModel
from gardener_core.training.plan import TrainPlan
from gardener_core.training.rows import TrainingRow

Plans = Callable[..., TrainPlan]
TOO_HIGH = {"learning_rate": 0.015, "steps": 40, "measured": False}


@pytest.fixture(scope="module")
def bad(plan_of: Plans, tmp_path_factory: pytest.TempPathFactory) -> tuple[TrainPlan, list[Event]]:
    """A run whose rate is far too high, and still too high when it was halved."""
    plan = plan_of(tmp_path_factory.mktemp("bad"), **TOO_HIGH)
    return plan, list(train(plan))


def test_a_rate_that_makes_all_worse_is_halved_and_the_run_begins_anew(
    bad: tuple[TrainPlan, list[Event]],
) -> None:
    events = bad[1]
    halved = next(event for event in events if isinstance(event, RateHalved))
    assert halved == RateHalved(4, 0.0075)
    at = events.index(halved)
    first = next(event for event in events if isinstance(event, StepDone))
    again = [event for event in events[at:] if isinstance(event, StepDone)]
    assert (again[0].step, again[0].loss) == (1, first.loss)
    assert again[0].learning_rate == first.learning_rate / 2


def test_the_best_step_is_kept_where_the_last_ones_are_worse(
    bad: tuple[TrainPlan, list[Event]],
) -> None:
    plan, events = bad
    at = next(n for n, event in enumerate(events) if isinstance(event, RateHalved))
    scored = [event for event in events[at:] if isinstance(event, HeldOutScored)]
    points = {event.step: event.bits_per_byte for event in scored}
    stopped = next(event for event in events if isinstance(event, EarlyStopped))
    best = min(points, key=lambda step: points[step])
    assert stopped.best_step == best and 0 < best < stopped.step < 40
    kept = load_file(plan.folder / "checkpoints" / "best" / "adapter.safetensors")
    saved = load_file(plan.adapter / "adapter_model.safetensors")
    assert all(torch.equal(kept[name], saved[name]) for name in kept)


def test_a_run_killed_around_its_turns_comes_to_the_same_end(
    bad: tuple[TrainPlan, list[Event]], plan_of: Plans, tmp_path: Path
) -> None:
    plan = plan_of(tmp_path, **TOO_HIGH)
    killed_after = [HeldOutScored, Checkpointed(0), RateHalved(4, 0.0075), EarlyStopped(14, 8)]
    events: list[Event] = []
    for mark in killed_after:
        running = train(plan)
        for event in running:
            events.append(event)
            if event == mark or type(event) is mark:
                break
        running.close()
    events += train(plan)
    assert losses(events) == losses(bad[1])
    assert weights(plan) == weights(bad[0])


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
