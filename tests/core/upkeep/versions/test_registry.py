"""The list of adapters is held against their folders, and mended."""

from dataclasses import replace
from pathlib import Path

import pytest
from support.measured import a_file
from support.versions import put_version

from gardener_core.evaluation.card.card import read_card, write_card
from gardener_core.jobs.spec import TrainSpec, write_spec
from gardener_core.models.identity import BaseIdentity, write_identity
from gardener_core.models.shape import BaseShape
from gardener_core.settings.schema import TrainingSettings
from gardener_core.store.database import Database
from gardener_core.store.garden.adapter_files import WEIGHTS
from gardener_core.store.garden.adapters import Adapter, AdapterTable
from gardener_core.store.garden.projects import Project, ProjectTable
from gardener_core.store.garden.versions.record import read_record
from gardener_core.store.manifest import read_manifest
from gardener_core.system.files.atomic import bytes_under
from gardener_core.system.places import Places
from gardener_core.upkeep.versions.registry import repair_record, repair_row, state_in

SHAPE = BaseShape("llama", 1, 1, 1, 1, 1, 1, 1, 1, 1, True)


class Garden:
    def __init__(self, home: Path) -> None:
        self.places = Places(home, home)
        self.database = Database(self.places.database)
        self.project: Project = ProjectTable(self.database).insert("web", home)
        self.table = AdapterTable(self.database)

    def folder(self, version: str) -> Path:
        return self.places.adapters(self.project.id) / version

    def repaired(self, adapter: Adapter) -> list[str]:
        found = repair_row(self.table, adapter, self.folder(adapter.version))
        return [one.found for one in found]


@pytest.fixture
def garden(tmp_path: Path) -> Garden:
    return Garden(tmp_path)


def test_a_row_that_says_otherwise_than_the_folder_is_corrected(garden: Garden) -> None:
    adapter = put_version(garden.places, garden.project, "v1", state="passed")
    write_identity(garden.folder("v1"), BaseIdentity("coder-2", "gguf", "ff", SHAPE))
    base, gate = garden.repaired(adapter)
    assert "'coder', its folder 'coder-2'" in base and "no card of these weights" in gate
    mended = garden.table.get(garden.project.id, "v1")
    assert (mended.base, mended.state) == ("coder-2", "trained")
    assert mended.bytes == bytes_under(garden.folder("v1"))
    assert garden.repaired(mended) == [], "it is as its folder says now"


def test_only_a_card_of_these_weights_says_that_it_passed(garden: Garden) -> None:
    items = [a_file(f"{n}.py", 100, 80) for n in range(8)]
    put_version(garden.places, garden.project, "v1", items=items)
    card = read_card(garden.folder("v1"))
    assert card is not None
    assert state_in(garden.folder("v1")) == "trained", "the card is of other weights"
    weights = read_manifest(garden.folder("v1"))[WEIGHTS].sha256
    setting = replace(card.setting, adapter_sha256=weights)
    for verdict, state in (("pass", "passed"), ("fail", "failed"), ("inconclusive", "scored")):
        gate = replace(card.gate, verdict=verdict)
        write_card(garden.folder("v1"), replace(card, setting=setting, gate=gate))
        assert state_in(garden.folder("v1")) == state


def test_the_record_of_an_older_adapter_comes_from_its_run(garden: Garden) -> None:
    put_version(garden.places, garden.project, "v1", code=[("a.py", "x = 1\n")])
    adapter = Adapter(garden.project.id, "v1", "coder", "run1", 1.0, 1)
    folder = garden.folder("v1")
    assert list(repair_record(garden.places, adapter, folder)) == [], "its run is gone"
    garden.places.run("run1").mkdir(parents=True)
    training = TrainingSettings(steps=7, seed=3)
    spec = TrainSpec("run1", 1.0, garden.project.id, "v1", "coder", training, 0, parent="v0")
    write_spec(garden.places.run("run1"), spec)
    (repaired,) = repair_record(garden.places, adapter, folder)
    record = read_record(folder)
    assert record is not None and record.recipe is not None and "Written" in repaired.done
    assert (record.recipe.steps, record.recipe.seed, record.parent) == (7, 3, "v0")
    assert "record.json" in read_manifest(folder)
    assert list(repair_record(garden.places, adapter, folder)) == []
