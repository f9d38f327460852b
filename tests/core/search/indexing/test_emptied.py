"""An emptied folder is asked about first."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from gardener_core.cli.main import run
from gardener_core.code.workers import ReadingPool
from gardener_core.errors import BadInput, ProjectEmptied, Remedy
from gardener_core.events.index import Indexed
from gardener_core.search.embedders.static import load_static
from gardener_core.search.indexing.emptied import refuse_emptying
from gardener_core.search.indexing.folder_diff import compare_folder
from gardener_core.search.indexing.update import refresh
from gardener_core.search.table import ChunkTable
from gardener_core.store.project.catalog import Catalog

FILES = 80


class Indexing:
    """A project and its index, brought up to date by hand."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "disk"
        self.root.mkdir()
        self._index = folder / "index"
        self.catalog = Catalog(folder / "catalog.db")

    def write(self, count: int) -> None:
        for number in range(count):
            (self.root / f"m{number}.py").write_text(f"def f{number}(): ...\n")

    def remove(self, count: int) -> None:
        for file in sorted(self.root.glob("*.py"))[:count]:
            file.unlink()

    def refresh(self, *, full: bool = False, even_if_empty: bool = False) -> Indexed:
        embedder = load_static()
        table = ChunkTable.open_or_create(self._index, embedder)
        with ReadingPool(self.root, 1) as pool:
            *_, told = refresh(
                self.root, self.catalog, table, embedder, pool,
                full=full, even_if_empty=even_if_empty,
            )  # fmt: skip
        assert isinstance(told, Indexed)
        return told

    def chunks(self) -> int:
        return ChunkTable.open(self._index).count()


@pytest.fixture
def indexing(tmp_path: Path) -> Iterator[Indexing]:
    yield Indexing(tmp_path)


@pytest.mark.parametrize(("files", "lost"), [(3, 3), (FILES, FILES), (FILES, FILES - 5)])
@pytest.mark.parametrize("full", [False, True])
def test_what_is_lost_at_once_stays_in_the_index(
    indexing: Indexing, files: int, lost: int, full: bool
) -> None:
    indexing.write(files)
    indexing.refresh()
    before = indexing.chunks()
    indexing.remove(lost)
    with pytest.raises(ProjectEmptied) as told:
        indexing.refresh(full=full)
    assert str(indexing.root) in told.value.what and str(files) in told.value.what
    assert told.value.remedy == Remedy("index though empty")
    assert (indexing.chunks(), len(indexing.catalog.files())) == (before, files)
    done = indexing.refresh(full=full, even_if_empty=True)
    assert done.files == files - lost
    assert indexing.chunks() == (0 if files == lost else done.chunks)


@pytest.mark.parametrize(("files", "lost"), [(3, 2), (FILES, FILES * 9 // 10), (50, 49)])
def test_what_a_person_removes_is_removed(indexing: Indexing, files: int, lost: int) -> None:
    indexing.write(files)
    indexing.refresh()
    indexing.remove(lost)
    assert indexing.refresh().removed == lost


def test_files_that_are_only_hidden_are_not_lost(indexing: Indexing) -> None:
    indexing.write(FILES)
    indexing.refresh()
    (indexing.root / ".gardenerignore").write_text("*.py\n")
    assert indexing.refresh().removed == FILES


@pytest.mark.parametrize("count", [3, FILES])
def test_files_that_come_back_meanwhile_are_not_removed(indexing: Indexing, count: int) -> None:
    """A disk that is mounted between the look and what follows from it."""
    indexing.write(count)
    indexing.refresh()
    indexing.remove(count)
    seen = compare_folder(indexing.root, indexing.catalog)
    indexing.write(count)
    with pytest.raises(ProjectEmptied):
        refuse_emptying(indexing.root, seen)
    assert indexing.refresh().removed == 0


def test_project_that_never_held_anything_may_be_empty(indexing: Indexing) -> None:
    assert indexing.refresh().files == 0


def test_folder_that_is_not_there_is_an_error(indexing: Indexing) -> None:
    indexing.write(3)
    indexing.refresh()
    indexing.root.rename(indexing.root.parent / "away")
    with pytest.raises(BadInput):
        indexing.refresh(even_if_empty=True)
    assert len(indexing.catalog.files()) == 3


def test_command_says_what_it_saw_and_how_to_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GARDENER_HOME", str(tmp_path / "home"))
    root = tmp_path / "disk"
    root.mkdir()
    (root / "a.py").write_text("def refresh(): ...\n")
    assert run(["add", str(root), "--no-index"]) == 0
    assert run(["index", "disk"]) == 0
    (root / "a.py").unlink()
    capsys.readouterr()
    assert run(["index", "disk"]) == 1
    told = capsys.readouterr().err
    assert "nothing was removed" in told and "--even-if-empty" in told
    assert run(["index", "disk", "--even-if-empty"]) == 0


def test_skipped_names_what_can_never_be_in_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GARDENER_HOME", str(tmp_path / "home"))
    root = tmp_path / "web"
    root.mkdir()
    (root / "a.py").write_text("def refresh(): ...\n")
    with open(os.fsencode(root) + b"/caf\xe9.py", "w") as file:
        file.write("x = 1\n")
    (root / ".gitignore").write_text("*.log\n!\n")
    assert run(["add", str(root), "--no-index"]) == 0
    capsys.readouterr()
    assert run(["index", "web", "--json"]) == 0
    events = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    (indexed,) = (event for event in events if event["event"] == "Indexed")
    assert {item["path"]: item["reason"] for item in indexed["skipped"]} == {
        "caf\\xe9.py": "its name is not UTF-8",
        ".gitignore": "line 2 has no effect: it names nothing",
    }
    assert run(["index", "web", "--skipped"]) == 0
    told = capsys.readouterr().out
    assert "caf\\xe9.py" in told and "line 2 has no effect" in told
