"""An update begins with an adapter's weights, and measures what it forgets."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from safetensors.torch import load_file

from gardener_core.evaluation.split import SourceFile, split_files, text_hash
from gardener_core.events.run import Noted, PhaseAdvanced
from gardener_core.events.train import RetentionMeasured, Scored, StepDone
from gardener_core.events.union import Event
from gardener_core.training.loop import train
from gardener_core.training.plan import TrainPlan
from gardener_core.training.retraining.learned import Learned, LearnedFile
from gardener_core.training.retraining.parent import ParentAdapter
from gardener_core.training.retraining.steps import RATE_SHARE

Plans = Callable[..., TrainPlan]
WEIGHTS = "adapter_model.safetensors"


@pytest.fixture(scope="module")
def parent(
    plan_of: Plans, sources: tuple[SourceFile, ...], tmp_path_factory: pytest.TempPathFactory
) -> tuple[TrainPlan, ParentAdapter]:
    """A version that was trained on some files, and its record."""
    plan = plan_of(tmp_path_factory.mktemp("parent"), sources=sources[:20], steps=4)
    list(train(plan))
    files = {file.path: LearnedFile(text_hash(file.text)) for file in plan.sources}
    return plan, ParentAdapter("v1", plan.adapter, plan.folder, Learned("", "", 4, files))


def updated(plan_of: Plans, parent: tuple[TrainPlan, ParentAdapter], folder: Path) -> TrainPlan:
    """An update after one held-out file has changed."""
    before, adapter = parent
    changed = split_files(before.sources).held_out[0].path
    sources = tuple(
        replace(file, text=file.text + "\nwater = 3\n") if file.path == changed else file
        for file in before.sources
    )
    return plan_of(folder, sources=sources, steps=1, parent=adapter)


def test_an_update_goes_on_from_the_weights_and_scores_only_what_changed(
    plan_of: Plans, parent: tuple[TrainPlan, ParentAdapter], tmp_path: Path
) -> None:
    plan = updated(plan_of, parent, tmp_path)
    events = list(train(plan))
    (step,) = (event for event in events if isinstance(event, StepDone))
    assert step.learning_rate < plan.settings.learning_rate * RATE_SHARE
    was, now = load_file(parent[0].adapter / WEIGHTS), load_file(plan.adapter / WEIGHTS)
    assert was.keys() == now.keys()
    moved = max(float((now[name] - was[name]).abs().max()) for name in was)
    assert 0 < moved < 10 * step.learning_rate, "one small step from where it began"
    scored = [event for event in events if isinstance(event, Scored)]
    assert [event.when for event in scored] == ["before", "parent", "after"]
    assert texts_read(events, "scoring parent") < texts_read(events, "scoring after")
    retention = next(event for event in events if isinstance(event, RetentionMeasured))
    held_out = split_files(plan.sources).held_out
    assert (retention.version, retention.n) == ("v1", len(held_out) - 1)
    sheet = json.loads((plan.folder / "scores.json").read_text())["arms"]
    kept = {item["path"]: item["bits"] for item in sheet["parent"]}
    was_scored = json.loads((parent[0].folder / "scores.json").read_text())["arms"]["after"]
    same = [item for item in was_scored if kept[item["path"]] == item["bits"]]
    assert len(same) == len(held_out) - 1, "only the changed file was scored anew"
    assert retention.before == pytest.approx(
        sum(item["bits"] for item in same) / sum(item["bytes"] for item in same)
    )


def texts_read(events: list[Event], phase: str) -> int:
    """How many tokens a phase scored itself."""
    parts = [event for event in events if isinstance(event, PhaseAdvanced)]
    done = [part.done for part in parts if part.phase == phase]
    return done[-1] - done[0]


def test_where_every_held_out_file_changed_forgetting_is_not_claimed(
    plan_of: Plans, parent: tuple[TrainPlan, ParentAdapter], tmp_path: Path
) -> None:
    before, adapter = parent
    sources = tuple(replace(file, text=file.text + "\n# new\n") for file in before.sources)
    plan = plan_of(tmp_path, sources=sources, steps=1, parent=adapter)
    events = list(train(plan))
    assert not any(isinstance(event, RetentionMeasured) for event in events)
    assert any(isinstance(event, Noted) and "not measured" in event.text for event in events)
