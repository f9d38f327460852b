"""Models are offered, checked, removed and brought back; who needs one is told first."""

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.pulled import DATA, SHA256, entry_of

from gardener_core.errors import BadInput, ModelInUse, ModelMissing
from gardener_core.events.run import Failed
from gardener_core.garden.door import Garden, open_garden
from gardener_core.models.catalogue.entry import CatalogueFile, FileSource
from gardener_core.models.cleaning.unfinished import delete_unfinished
from gardener_core.models.keeping import keep
from gardener_core.models.sources.source import Delivered
from gardener_core.store.database import Database
from gardener_core.store.garden.adapters import AdapterTable
from gardener_core.store.garden.projects import TRASH_SECONDS, ProjectTable
from gardener_core.system.locks import locked_if_free
from gardener_core.system.places import Places


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places(config=tmp_path / "config", data=tmp_path / "data")


@pytest.fixture
def garden(places: Places) -> Iterator[Garden]:
    garden = open_garden(places)
    yield garden
    garden.close()


@pytest.fixture
def tiny(places: Places) -> str:
    """A model whose bytes are ours."""
    box = places.incoming("tiny")
    box.mkdir(parents=True)
    (box / "part").write_bytes(DATA)
    file = CatalogueFile("tiny.gguf", len(DATA), SHA256)
    keep(entry_of(FileSource(("x",))), [Delivered(file, box / "part", True, "a test")], places)
    return "tiny"


def test_every_byte_is_read(garden: Garden, places: Places, tiny: str) -> None:
    (verified,) = garden.models.verify()
    assert verified.ok
    path = places.model_files / SHA256
    times = path.stat()
    path.write_bytes(DATA[:-1] + b"?")
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert garden.models.all() != [], "a quick look does not read the bytes"
    (verified,) = garden.models.verify(tiny)
    assert not verified.ok and "not as it was written" in verified.what
    with pytest.raises(ModelMissing):
        list(garden.models.verify("other"))


def test_removed_and_back(garden: Garden, places: Places, tiny: str) -> None:
    garden.models.remove(tiny)
    assert garden.models.all() == [] and not (places.model_files / SHA256).exists()
    assert garden.models.trashed() == [tiny]
    garden.models.restore(tiny)
    assert [model.name for model in garden.models.all()] == [tiny]
    assert (places.model_files / SHA256).read_bytes() == DATA
    with pytest.raises(ModelMissing, match="in the trash"):
        garden.models.restore(tiny)


def test_what_was_made_from_its_weights_goes_with_it(
    garden: Garden, places: Places, tiny: str
) -> None:
    derived = places.derived_base(SHA256)
    derived.mkdir(parents=True)
    garden.models.remove(tiny)
    assert not derived.exists()


def test_after_a_week_it_is_gone(garden: Garden, places: Places, tiny: str) -> None:
    garden.models.remove(tiny)
    old = places.trashed_model(tiny).stat().st_mtime - TRASH_SECONDS - 60
    os.utime(places.trashed_model(tiny), (old, old))
    garden.models.recover()
    assert garden.models.trashed() == [] and not places.trashed_model(tiny).exists()


def test_a_download_that_nobody_went_on_with_goes_after_a_week(
    garden: Garden, places: Places
) -> None:
    for name in ("old", "busy", "new"):
        places.incoming(name).mkdir(parents=True)
        (places.incoming(name) / "part").write_bytes(DATA)
    week = time.time() + TRASH_SECONDS + 60
    os.utime(places.incoming("new") / "part", (week, week))
    with locked_if_free(places.incoming("busy.lock")):
        delete_unfinished(places, now=week)
    assert sorted(path.name for path in places.all_incoming.glob("[!.]*")) == [
        "busy", "busy.lock", "new", "old.lock",
    ]  # fmt: skip


def test_a_pull_that_failed_is_told_until_it_is_here(
    garden: Garden, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setenv("HF_HOME", str(tmp_path / "empty"))
    monkeypatch.setenv("GARDENER_HOME", str(tmp_path))
    run = garden.models.pull("smollm2-135m", "hub")
    events = [event for batch in garden.runs.follow(run.id) for event in batch]
    failed = events[-1]
    assert isinstance(failed, Failed) and "HF_HUB_OFFLINE is set" in failed.what
    offers = {offer.name: offer for offer in garden.models.offers()}
    assert offers["smollm2-135m"].failure == failed.what
    assert offers["qwen2.5-coder-0.5b"].failure == ""


def test_what_lies_elsewhere_is_only_forgotten(garden: Garden, tmp_path: Path) -> None:
    path = tmp_path / "mine.gguf"
    path.write_bytes(DATA)
    garden.models.add(path, "mine")
    garden.models.remove("mine")
    assert path.read_bytes() == DATA and garden.models.all() == []
    garden.models.add(path, "mine")
    with pytest.raises(BadInput, match="again"):
        garden.models.restore("mine")


def test_who_needs_it_is_told_first(
    garden: Garden, places: Places, tiny: str, tmp_path: Path
) -> None:
    (tmp_path / "code").mkdir()
    project = garden.projects.add(tmp_path / "code", "web")
    database = Database(places.database)
    AdapterTable(database).register(project.id, "v1", tiny, "r", 1)
    ProjectTable(database).set_adapter(project.id, "v1", tiny)
    with pytest.raises(ModelInUse, match="The projects web and the adapters web v1 need tiny"):
        garden.models.remove(tiny)
    assert garden.models.all() != []
    assert garden.models.remove(tiny, though_used=True).adapters == ("web v1",)
    assert garden.models.all() == []


def test_what_can_be_had_and_what_is_here(garden: Garden, tiny: str) -> None:
    offers = {offer.name: offer for offer in garden.models.offers()}
    starter, own = offers["smollm2-135m"], offers[tiny]
    assert not starter.here and starter.bytes == 98_362_432 and starter.hash_known
    assert [one.kind for one in starter.sources] == ["hub", "ollama", "package"]
    assert starter.seconds is None, "no pull was measured here"
    assert own.here and own.sha256 == SHA256
    assert not offers["gemma-3-1b"].hash_known


def test_a_folder_is_added_where_it_is(garden: Garden, seedling_copy: Path) -> None:
    model = garden.models.add(seedling_copy, "grown")
    assert (model.format, model.path, model.folder) == (
        "transformers",
        seedling_copy,
        seedling_copy,
    )
    assert next(garden.models.verify("grown")).ok
    (seedling_copy / "tokenizer.json").unlink()
    assert garden.models.all() == []
    with pytest.raises(BadInput, match=r"has no tokenizer\.json"):
        garden.models.add(seedling_copy, "again")


@pytest.fixture
def seedling_copy(tmp_path: Path) -> Path:
    """The files of a transformers folder, as small as they can be read without loading them."""
    folder = tmp_path / "grown"
    folder.mkdir()
    (folder / "config.json").write_text('{"model_type": "llama", "max_position_embeddings": 64}')
    (folder / "tokenizer.json").write_text("{}")
    (folder / "model.safetensors").write_bytes((2).to_bytes(8, "little") + b"{}")
    return folder
