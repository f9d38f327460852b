"""An update is refused with its reason; what is due by itself is decided and logged."""

import json
from pathlib import Path

import pytest

from gardener_core.errors import AdapterMissing, BadInput, NothingToLearn
from gardener_core.garden.door import Garden
from gardener_core.jobs.spec import TrainSpec, write_spec
from gardener_core.settings.schema import TrainingSettings
from gardener_core.store.garden.adapters import AdapterTable
from gardener_core.store.garden.projects import Project, ProjectTable
from gardener_core.store.garden.runs import Run, RunTable
from gardener_core.store.manifest import write_manifest
from gardener_core.system.files.atomic import make_folder
from gardener_core.system.places import Places
from gardener_core.training.retraining.learned import (
    FILE,
    Learned,
    LearnedFile,
    LearnedPiece,
    write_learned,
)
from gardener_core.training.retraining.lines import digest_lines

CODE = "def water(plant):\n    return plant.drink(2)\n"


@pytest.fixture
def project(garden: Garden, tmp_path: Path) -> Project:
    (tmp_path / "web").mkdir()
    (tmp_path / "web" / "a.py").write_text(CODE)
    return garden.projects.add(tmp_path / "web", "web")


def put_adapter(garden: Garden, places: Places, project: Project) -> Project:
    """An adapter as a run leaves it, but for its weights."""
    folder = places.adapters(project.id) / "v1"
    make_folder(folder)
    (folder / "adapter_config.json").write_text('{"peft_type": "LORA"}')
    (folder / "adapter_model.safetensors").write_bytes(b"\x02\0\0\0\0\0\0\0{}")
    (folder / "adapter.gguf").write_bytes(b"GGUF")
    piece = LearnedPiece("water", digest_lines(CODE), "read")
    write_learned(folder, Learned("", "", 60, {"a.py": LearnedFile("d", (piece,))}))
    write_manifest(folder)
    make_folder(places.run("run1"))
    spec = TrainSpec("run1", 1.0, project.id, "v1", "tiny", TrainingSettings(), 0)
    write_spec(places.run("run1"), spec)
    database = garden.database
    AdapterTable(database).register(project.id, "v1", "tiny", "run1", 10)
    RunTable(database).keep(Run("run1", "train", project.id, 1.0, "finished"))
    ProjectTable(database).set_adapter(project.id, "v1", "tiny")
    return garden.projects.find(project.name)


def test_what_cannot_be_updated_says_why(garden: Garden, places: Places, project: Project) -> None:
    with pytest.raises(AdapterMissing, match="no adapter that could be updated"):
        garden.retraining.plan(project)
    project = put_adapter(garden, places, project)
    with pytest.raises(NothingToLearn, match="all its 1 symbols are as they were"):
        garden.retraining.plan(project)
    (places.adapters(project.id) / "v1" / FILE).unlink()
    with pytest.raises(BadInput, match="not kept by older programs"):
        garden.retraining.plan(project)
    (places.adapters(project.id) / "v1" / FILE).write_text("{")
    with pytest.raises(BadInput, match="cannot be read"):
        garden.retraining.plan(project)


def test_the_drift_of_the_active_adapter_is_known_to_the_screen(
    garden: Garden, places: Places, project: Project
) -> None:
    assert garden.retraining.drift(project) is None
    project = put_adapter(garden, places, project)
    drift = garden.retraining.drift(project)
    assert drift is not None and (drift.symbols, drift.changed) == (1, 0)
    (project.path / "a.py").write_text(CODE.replace("2", "3"))
    assert garden.retraining.drift(project) == drift, "looked at no more than twice a minute"
    (adapter,) = garden.adapters.all(project)
    measured = garden.retraining.drift_of(project, adapter)
    assert measured is not None and measured.changed == 1


def test_a_run_that_is_gone_is_no_ground_to_go_on_from(
    garden: Garden, places: Places, project: Project
) -> None:
    project = put_adapter(garden, places, project)
    (project.path / "a.py").write_text(CODE.replace("2", "3"))
    (places.run("run1") / "spec.json").unlink()
    with pytest.raises(BadInput, match="the run that made it is not here"):
        garden.retraining.plan(project)


def test_by_itself_is_off_and_says_in_the_log_why_it_declines(
    garden: Garden, places: Places, project: Project
) -> None:
    project = put_adapter(garden, places, project)
    decision, run = garden.retraining.by_itself(project)
    assert (decision.kind, run) == ("none", "")
    assert garden.retraining.outlook([project]) == "No: training.by_itself is off."
    assert "by itself" not in log_of(places)
    garden.settings.set("training.by_itself", "true")
    decision, run = garden.retraining.by_itself(project)
    assert decision.why == "the project is new" and run == ""
    assert "training by itself: nothing started" in log_of(places)
    assert "web: not now, the project is new" in garden.retraining.outlook([project])


def log_of(places: Places) -> str:
    return places.log.read_text() if places.log.exists() else ""


def test_the_record_is_small_json(garden: Garden, places: Places, project: Project) -> None:
    put_adapter(garden, places, project)
    fields = json.loads((places.adapters(project.id) / "v1" / FILE).read_text())
    assert fields["files"]["a.py"]["pieces"][0][:2] == ["water", 2]
