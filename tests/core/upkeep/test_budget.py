"""The budget says what each base takes, and what to let go where one is too large."""

from pathlib import Path

import pytest
from support.served import place_adapters, place_base

from gardener_core.events.switch import MemoryUse
from gardener_core.settings.schema import ModelsSettings, Settings
from gardener_core.store.database import Database
from gardener_core.store.garden.adapters import AdapterTable
from gardener_core.store.garden.projects import ProjectTable
from gardener_core.system.places import Places
from gardener_core.upkeep.budget import MemoryBudget, budget_of, measured

PROJECT = "0123456789ab"


@pytest.fixture
def places(grown, trained, base_gguf: Path, tmp_path: Path, monkeypatch) -> Places:
    monkeypatch.setenv("GARDENER_HOME", str(tmp_path))
    places = Places.of_user()
    place_base(places, grown, base_gguf)
    place_adapters(places, PROJECT, tmp_path / "p", (trained.adapter, trained.gguf), 2)
    ProjectTable(Database(places.database)).use_adapter(PROJECT, "v0", "seedling")
    return places


def budget(places: Places, megabytes: int) -> MemoryBudget:
    database = Database(places.database)
    settings = Settings(models=ModelsSettings(memory_mb=megabytes, context=1024))
    projects = ProjectTable(database).all()
    return budget_of(places, projects, settings, AdapterTable(database))


def test_each_part_of_a_base_is_counted(places: Places, trained) -> None:
    whole = budget(places, 2000)
    (base,) = whole.bases
    assert base.base == "seedling" and base.adapters == 2 * trained.gguf.stat().st_size
    assert base.conversation > 0 and base.file > (places.models / "seedling").stat().st_size
    assert base.bytes == base.file + base.adapters + base.conversation
    assert whole.limit == 2_000_000_000 and not whole.hint


def test_a_base_over_the_limit_is_said_with_what_to_let_go(places: Places) -> None:
    small = budget(places, 1)
    assert [one.base for one in small.too_large] == ["seedling"]
    assert "seedling is" in small.hint and "models.context" in small.hint
    assert budget(places, 0).limit > 0, "without a setting it is a share of what is free"


def test_what_was_measured_is_said_once_it_was() -> None:
    assert measured(MemoryUse()) == ""
    with_index = measured(MemoryUse(engine=226 * 2**20, served=300 * 2**20, index=34 * 2**20))
    assert "engine 226 MiB (indexes 34 MiB of it), bases 300 MiB" in with_index
    assert "226 MiB" in measured(MemoryUse(engine=226 * 2**20, served=300 * 2**20))
