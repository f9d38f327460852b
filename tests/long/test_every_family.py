"""A tiny random base of each family is trained from the folder to the answer, and updated."""

from pathlib import Path

import pytest
from support.tiny_bases import FAMILIES, save_base

import gardener_core
from gardener_core.events.run import Finished
from gardener_core.events.train import (
    DeviceChosen,
    LinesCompleted,
    RetentionMeasured,
    Saved,
    Scored,
    StepDone,
)
from gardener_core.events.union import Event
from gardener_core.garden.door import Garden, open_garden
from gardener_core.store.garden.adapter_files import require_whole
from gardener_core.store.garden.runs import Run
from gardener_core.system.places import Places

CORE = Path(gardener_core.__file__).parent
SETTINGS = {
    "STEPS": "20", "SEQUENCE_TOKENS": "128", "ROWS_A_STEP": "1", "RANK": "4", "THREADS": "1",
    "LEARNING_RATE": "0.01",
}  # fmt: skip


def write_project(root: Path) -> None:
    """A small project, some files of which are long enough to be cut."""
    root.mkdir()
    for path in sorted((CORE / "events").glob("*.py"))[1:10]:
        (root / path.name).write_text(path.read_text())


def told(garden: Garden, run: Run) -> list[Event]:
    return [event for batch in garden.runs.follow(run.id) for event in batch]


@pytest.mark.long
@pytest.mark.parametrize("family", FAMILIES)
def test_train_use_and_update(family: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GARDENER_HOME", str(tmp_path / "home"))
    for name, value in SETTINGS.items():
        monkeypatch.setenv(f"GARDENER_TRAINING__{name}", value)
    write_project(tmp_path / "web")
    text = "\n".join(path.read_text() for path in (tmp_path / "web").iterdir())
    places = Places.of_user()
    save_base(tmp_path / "base" / family, family, text)
    garden = open_garden(places)
    base = garden.models.add(tmp_path / "base" / family)
    project = garden.projects.add(tmp_path / "web")
    events = told(garden, garden.runs.train(project, base=base.name))
    assert isinstance(events[-1], Finished), events[-1]
    assert any(isinstance(event, DeviceChosen) for event in events)
    assert any(isinstance(event, LinesCompleted) and event.lines for event in events)
    losses = [event.loss for event in events if isinstance(event, StepDone)]
    assert len(losses) == 20 and losses[-1] < losses[0]
    before, after = (event.value for event in events if isinstance(event, Scored))
    assert after < before
    project = garden.projects.find("web")
    require_whole(places.adapters(project.id) / "v1", "v1", "web", thorough=True)
    drift = garden.retraining.drift(project)
    assert drift is not None and drift.symbols > 5 and drift.changed == 0

    (tmp_path / "web" / "pouring.py").write_text(
        "def water(garden, plant):\n    return garden.pour(plant.name, plant.thirst * 2)\n" * 9
    )
    events = told(garden, garden.retraining.update(project))
    assert isinstance(events[-1], Finished), events[-1]
    assert 0 < sum(isinstance(event, StepDone) for event in events) <= 6
    assert any(isinstance(event, RetentionMeasured) for event in events)
    assert [event.version for event in events if isinstance(event, Saved)] == ["v2"]
    garden.close()
