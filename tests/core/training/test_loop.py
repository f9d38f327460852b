"""A training run reports its steps, and goes on after a stop or a kill."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from gardener_core.errors import Damaged, StopRequested
from gardener_core.evaluation.split import SourceFile, split_files
from gardener_core.events.run import Noted, PhaseAdvanced
from gardener_core.events.train import (
    Checkpointed,
    Forecast,
    ForecastChecked,
    HeldOutScored,
    Planned,
    Scored,
    StepDone,
)
from gardener_core.events.union import Event
from gardener_core.training.loop import train
from gardener_core.training.plan import TrainPlan
from gardener_core.training.rates import default_rate

Plans = Callable[..., TrainPlan]


@pytest.fixture(scope="module")
def whole(
    plan_of: Plans, tmp_path_factory: pytest.TempPathFactory
) -> tuple[TrainPlan, list[Event]]:
    plan = plan_of(tmp_path_factory.mktemp("whole"))
    return plan, list(train(plan))


def test_a_run_tells_its_plan_scores_and_steps(whole: tuple[TrainPlan, list[Event]]) -> None:
    plan, events = whole
    facts = [
        event
        for event in events
        if not isinstance(event, PhaseAdvanced | HeldOutScored | Forecast | Noted)
    ]
    planned, before, *steps, last, taken, after = facts
    assert isinstance(taken, ForecastChecked)
    assert isinstance(planned, Planned)
    dev = split_files(plan.sources).dev
    points = [event for event in events if isinstance(event, HeldOutScored)]
    assert planned.train_files + planned.held_out_files + len(dev) == len(plan.sources)
    assert [event.step for event in points] == [0, 2, 4, 6]
    assert {point.n for point in points} == {len(dev)}
    assert planned.tokens == 6 * 2 * 128
    assert [event.step for event in steps] == [1, 2, 3, 4, 5, 6]
    for step in steps:
        assert 0 < step.learning_rate <= plan.settings.learning_rate
        assert step.tokens_a_second > 1 and step.memory_bytes > 50_000_000
        assert step.gradient_norm > 0
    assert last == Checkpointed(6)
    assert isinstance(before, Scored) and isinstance(after, Scored)
    assert (before.when, after.when) == ("before", "after")


def test_what_was_foreseen_stands_beside_what_was_measured(
    whole: tuple[TrainPlan, list[Event]],
) -> None:
    plan, events = whole
    probed, refined = (event for event in events if isinstance(event, Forecast))
    assert probed.adapter_bytes == pytest.approx(
        (plan.adapter / "adapter_model.safetensors").stat().st_size, rel=0.05
    )
    assert probed.parameters * 4 == probed.adapter_bytes
    assert probed.probe_bytes > 50_000_000 and probed.formula_bytes > 50_000_000
    assert 0 < refined.shortest_seconds < refined.longest_seconds
    taken = next(event for event in events if isinstance(event, ForecastChecked))
    assert taken.expected_memory_bytes == probed.probe_bytes
    assert taken.expected_cpu_seconds == refined.cpu_seconds
    assert 0.3 < taken.memory_bytes / taken.expected_memory_bytes < 2
    assert 0.2 < taken.cpu_seconds / taken.expected_cpu_seconds < 5


def test_what_is_learnt_shows_on_files_that_were_held_out(plan_of: Plans, tmp_path: Path) -> None:
    line = "def part_{0}(garden, plant):\n    return garden.water(plant)\n\n\n"
    alike = tuple(SourceFile(f"part{n}.py", line.format(n) * 12) for n in range(8))
    events = train(plan_of(tmp_path, sources=alike, steps=10, learning_rate=0.01))
    before, after = (event.value for event in events if isinstance(event, Scored))
    assert after < before - 0.2


def test_every_number_on_the_screen_can_be_opened(whole: tuple[TrainPlan, list[Event]]) -> None:
    plan, events = whole
    sheet = json.loads((plan.folder / "scores.json").read_text())
    for event in events:
        if isinstance(event, Scored):
            items = sheet["arms"][event.when]
            assert event.n == len(items)
            total = sum(item["bits"] for item in items) / sum(item["bytes"] for item in items)
            assert event.value == total


def test_a_stopped_run_goes_on_to_the_same_losses_and_weights(
    whole: tuple[TrainPlan, list[Event]], plan_of: Plans, tmp_path: Path
) -> None:
    plan = plan_of(tmp_path)
    losses = stop_after(plan, 2)
    losses |= stop_after(plan, 4)
    losses |= losses_of(train(plan))
    assert losses == losses_of(whole[1])
    assert weights(plan) == weights(whole[0])


def test_a_killed_run_goes_on_from_its_checkpoint(
    whole: tuple[TrainPlan, list[Event]], plan_of: Plans, tmp_path: Path
) -> None:
    plan = plan_of(tmp_path)
    running = train(plan)
    answer = None
    while (event := running.send(answer)) != Checkpointed(3):
        answer = "checkpoint" if isinstance(event, StepDone) and event.step == 3 else None
    while not (isinstance(event := next(running), StepDone) and event.step == 5):
        pass
    running.close()  # as a kill does, this leaves no time to save
    saved = tmp_path / "checkpoints" / "000001"
    os.rename(saved, saved.with_name(".000001.old"))  # killed between two renames
    again = list(train(plan))
    assert list(losses_of(again)) == [4, 5, 6]
    assert weights(plan) == weights(whole[0])


def test_the_base_is_measured_once_in_a_runs_life(plan_of: Plans, tmp_path: Path) -> None:
    plan = plan_of(tmp_path)
    stop_after(plan, 1)
    sheet = json.loads((tmp_path / "scores.json").read_text())
    for item in sheet["arms"]["before"]:
        item["bits"] = item["bytes"] * 7.0
    (tmp_path / "scores.json").write_text(json.dumps(sheet))
    assert next(event for event in train(plan) if isinstance(event, Scored)).value == 7.0


def test_a_damaged_checkpoint_is_told(plan_of: Plans, tmp_path: Path) -> None:
    plan = plan_of(tmp_path)
    stop_after(plan, 1)
    (tmp_path / "checkpoints" / "000001" / "adapter.safetensors").write_bytes(b"torn")
    with pytest.raises(Damaged, match="cannot be read"):
        list(train(plan))


def test_of_two_checkpoints_the_older_serves_where_the_newer_is_damaged(
    whole: tuple[TrainPlan, list[Event]], plan_of: Plans, tmp_path: Path
) -> None:
    plan = plan_of(tmp_path, measured=False)
    for step in (1, 2, 3):
        stop_after(plan, step)
    kept = sorted(path.name for path in (tmp_path / "checkpoints").iterdir())
    assert kept == ["000002", "000003", "best"]
    (tmp_path / "checkpoints" / "000003" / "optimiser.pt").write_bytes(b"torn")
    again = list(train(plan))
    assert any(isinstance(event, Noted) and "from step 2" in event.text for event in again)
    assert list(losses_of(again)) == [3, 4, 5, 6]
    assert weights(plan) == weights(whole[0])


def test_a_checkpoint_of_an_earlier_version_goes_on(plan_of: Plans, tmp_path: Path) -> None:
    plan = plan_of(tmp_path, measured=False)
    stop_after(plan, 2)
    old = tmp_path / "checkpoint"
    os.rename(tmp_path / "checkpoints" / "000001", old)
    state = torch.load(old / "optimiser.pt", weights_only=True)
    torch.save({"step": 2, "optimiser": state["optimiser"]}, old / "optimiser.pt")
    assert list(losses_of(train(plan))) == [3, 4, 5, 6]


def test_the_adapter_is_plain_and_names_its_base_by_hash(
    whole: tuple[TrainPlan, list[Event]],
) -> None:
    plan = whole[0]
    config = json.loads((plan.adapter / "adapter_config.json").read_text())
    assert config["base_model_name_or_path"] == plan.base.name
    assert config["revision"] == plan.base.sha256
    assert (config["r"], config["lora_alpha"], config["peft_type"]) == (4, 8, "LORA")
    assert sorted(path.name for path in plan.adapter.iterdir()) == [
        "adapter_config.json",
        "adapter_model.safetensors",
    ]
    for file in plan.adapter.iterdir():
        assert str(plan.base.path.parent).encode() not in file.read_bytes()


def test_every_part_of_a_run_is_told_before_it_begins(
    whole: tuple[TrainPlan, list[Event]],
) -> None:
    phases = [event.phase for event in whole[1] if isinstance(event, PhaseAdvanced)]
    assert list(dict.fromkeys(phases)) == [
        "preparing",
        "loading",
        "scoring before",
        "probing",
        "training",
        "saving",
        "scoring after",
    ]


def test_small_bases_take_larger_steps() -> None:
    assert default_rate(1_000_000) == 3e-3
    assert default_rate(135_000_000) == 5e-4
    assert default_rate(500_000_000) == 3e-4


def stop_after(plan: TrainPlan, step: int) -> dict[int, float]:
    """Run until a step, then ask to stop; the losses on the way."""
    running = train(plan)
    losses = {}
    for event in running:
        if isinstance(event, StepDone):
            losses[event.step] = event.loss
            if event.step == step:
                assert running.throw(StopRequested("enough")) == Checkpointed(step)
                with pytest.raises(StopRequested):
                    next(running)
                break
    return losses


def losses_of(events) -> dict[int, float]:
    return {event.step: event.loss for event in events if isinstance(event, StepDone)}


def weights(plan: TrainPlan) -> bytes:
    return (plan.adapter / "adapter_model.safetensors").read_bytes()
