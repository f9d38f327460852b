"""A bundle is taken in whole, and one that was changed leaves nothing behind."""

import shutil
import sqlite3
from pathlib import Path

import pytest

from gardener_core.errors import BadInput, Damaged
from gardener_core.export.bundle.manifest import Bundle, MemoryForecast, files_under, write_bundle
from gardener_core.garden.door import Garden
from gardener_core.garden.versions.bundles import TakenIn
from gardener_core.models.model import BaseModel
from gardener_core.store.project.catalog import Catalog
from gardener_core.system.places import Places


@pytest.fixture
def home(tmp_path: Path) -> Garden:
    (tmp_path / "code").mkdir()
    (tmp_path / "code" / "a.py").write_text("x = 1\n")
    return Garden(Places(config=tmp_path / "config", data=tmp_path / "data"))


@pytest.fixture
def bundle(seedling: BaseModel, tmp_path: Path) -> Path:
    """One with the seedling's folder as its base, a catalog and no adapter."""
    folder = tmp_path / "acme.bundle"
    ignored = shutil.ignore_patterns("*.gguf", "files.json")
    shutil.copytree(seedling.folder, folder / "base", ignore=ignored)
    (folder / "index").mkdir()
    (folder / "index" / "rows").write_bytes(b"rows")
    Catalog(folder / "catalog.db").sides.all()
    for leftover in folder.glob("catalog.db?*"):
        leftover.unlink()
    listed(folder, seedling.sha256)
    return folder


def listed(folder: Path, sha256: str) -> None:
    (folder / "bundle.json").unlink(missing_ok=True)
    files = tuple(files_under(folder))
    memory = MemoryForecast(1, 1)
    write_bundle(
        folder,
        Bundle(
            1, "0", "now", "acme", "v2", "", "tiny", sha256, "base/model.safetensors", "", "base",
            "", "index", memory, files,
        ),
    )  # fmt: skip


def taken(home: Garden, bundle: Path, code: Path) -> TakenIn:
    *steps, last = home.bundles.take_in(bundle, code)
    assert isinstance(last, TakenIn) and steps
    return last


def test_its_base_is_registered_and_its_index_put_in_place(
    home: Garden, bundle: Path, tmp_path: Path
) -> None:
    found = taken(home, bundle, tmp_path / "code")
    assert found.project.name == "acme" and found.project.path == tmp_path / "code"
    assert found.adapter is None and found.without == "the bundle has none"
    assert home.models.show("tiny").name == found.model == "tiny"
    places = Places(config=tmp_path / "config", data=tmp_path / "data")
    index = places.index(found.project.id)
    assert (index / "rows").read_bytes() == b"rows"
    assert places.catalog(found.project.id).stat().st_mode & 0o777 == 0o600
    assert [entry.action for entry in home.audit.all()][-1] == "bundle taken in"
    again = taken(home, bundle, tmp_path / "code")
    assert again.project.id == found.project.id and len(home.projects.all()) == 1
    for run in (found.index_run, again.index_run):
        home.runs.drop(run)


def test_one_that_was_changed_leaves_nothing_behind(
    home: Garden, bundle: Path, tmp_path: Path
) -> None:
    (bundle / "index" / "rows").write_bytes(b"ROWS")
    with pytest.raises(Damaged, match="index/rows"):
        list(home.bundles.take_in(bundle, tmp_path / "code"))
    assert not home.projects.all() and not home.models.all()
    with pytest.raises(BadInput, match="no bundle"):
        list(home.bundles.take_in(tmp_path, tmp_path / "code"))


def test_a_base_of_other_bytes_than_it_names_is_refused(
    home: Garden, bundle: Path, tmp_path: Path
) -> None:
    listed(bundle, "0" * 64)
    with pytest.raises(Damaged, match="not the base that it names"):
        list(home.bundles.take_in(bundle, tmp_path / "code"))
    assert not home.projects.all()


def test_a_catalog_that_would_run_something_is_left_out(
    home: Garden, bundle: Path, seedling: BaseModel, tmp_path: Path
) -> None:
    with sqlite3.connect(bundle / "catalog.db") as connection:
        connection.execute(
            "CREATE TRIGGER bad AFTER INSERT ON files BEGIN SELECT load_extension('x'); END"
        )
    connection.close()
    listed(bundle, seedling.sha256)
    found = taken(home, bundle, tmp_path / "code")
    places = Places(config=tmp_path / "config", data=tmp_path / "data")
    assert not (places.index(found.project.id) / "rows").exists()
    home.runs.drop(found.index_run)
