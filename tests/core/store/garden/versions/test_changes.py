"""A version gets a name and a note, is archived, removed and comes back."""

import os
import time
from dataclasses import replace
from pathlib import Path

import pytest

from gardener_core.errors import AdapterMissing, BadInput
from gardener_core.store.database import Database
from gardener_core.store.garden.adapters import AdapterTable
from gardener_core.store.garden.audit import AuditLog
from gardener_core.store.garden.projects import TRASH_SECONDS, Project, ProjectTable
from gardener_core.store.garden.versions.changes import AdapterChanges
from gardener_core.store.garden.versions.trash import AdapterTrash
from gardener_core.system.places import Places, trashed_adapter


class Garden:
    """Two versions with folders."""

    def __init__(self, home: Path) -> None:
        self.places = Places(home, home)
        self.database = Database(self.places.database)
        self.project: Project = ProjectTable(self.database).insert("web", home)
        self.table = AdapterTable(self.database)
        self.changes = AdapterChanges(self.database)
        self.trash = AdapterTrash(self.places, self.database)
        for version in ("v1", "v2"):
            self.table.register(self.project.id, version, "b", f"run of {version}", 1)
            (self.folder(version)).mkdir(parents=True)
            (self.folder(version) / "weights").write_text(version)

    def folder(self, version: str) -> Path:
        return self.places.adapters(self.project.id) / version

    def versions(self) -> list[str]:
        return [one.version for one in self.table.of_project(self.project.id)]


@pytest.fixture
def garden(tmp_path: Path) -> Garden:
    return Garden(tmp_path)


def test_a_name_finds_a_version_and_is_its_own(garden: Garden) -> None:
    first, second = (garden.table.get(garden.project.id, one) for one in ("v1", "v2"))
    assert garden.changes.rename(first, " parser ").title == "v1 parser"
    assert garden.table.find(garden.project.id, "parser").version == "v1"
    for name in ("parser", "v7", "a/b", "x" * 41, "two\nlines"):
        with pytest.raises(BadInput):
            garden.changes.rename(second, name)
    assert garden.changes.rename(first, "").title == "v1"
    with pytest.raises(AdapterMissing):
        garden.table.find(garden.project.id, "parser")


def test_a_note_is_one_line_and_bounded(garden: Garden) -> None:
    adapter = garden.table.get(garden.project.id, "v1")
    assert garden.changes.note(adapter, "before\x1b[31m the rewrite ").note.isprintable()
    with pytest.raises(BadInput, match="501 characters"):
        garden.changes.note(adapter, "x" * 501)


def test_an_archived_one_comes_back_as_it_was(garden: Garden) -> None:
    garden.table.move(garden.project.id, "v1", "passed")
    away = garden.changes.archive(garden.table.get(garden.project.id, "v1"))
    assert away.caveat == "archived"
    with pytest.raises(BadInput, match="archived already"):
        garden.changes.archive(away)
    with pytest.raises(BadInput, match="cannot become passed"):
        garden.table.move(garden.project.id, "v1", "passed")
    back = garden.changes.unarchive(away)
    assert back.state == "passed"
    with pytest.raises(BadInput, match="not archived"):
        garden.changes.unarchive(back)


def test_a_removed_one_is_whole_in_the_trash_and_back_again(garden: Garden) -> None:
    named = garden.changes.rename(garden.table.get(garden.project.id, "v1"), "parser")
    removed = garden.trash.remove(named)
    assert garden.versions() == ["v2"] and not garden.folder("v1").exists()
    assert "run of v1" in garden.table.runs_of(garden.project.id), "its run is needed as long"
    assert garden.changes.trashed() == [removed]
    found = garden.changes.find_trashed(garden.project.id, "parser")
    assert garden.trash.restore(found).name == "parser"
    assert (garden.folder("v1") / "weights").read_text() == "v1"
    assert garden.versions() == ["v2", "v1"]
    actions = [entry.action for entry in AuditLog(garden.database).all()]
    assert actions[-2:] == ["adapter removed", "adapter restored"]


def test_a_move_that_was_interrupted_is_finished(garden: Garden) -> None:
    removed = garden.changes.remove(garden.table.get(garden.project.id, "v1"))
    assert garden.folder("v1").exists()  # killed here
    garden.trash.recover()
    assert not garden.folder("v1").exists()
    assert garden.trash.restore(removed).version == "v1"


def test_what_was_in_the_trash_for_a_week_is_gone(garden: Garden) -> None:
    removed = garden.trash.remove(garden.table.get(garden.project.id, "v1"))
    folder = trashed_adapter(garden.places, garden.project.id, "v1")
    lost = garden.places.trash / "adapter-of a lost garden-v9"
    lost.mkdir()
    os.utime(lost, (0, 0))
    garden.trash.recover()
    assert folder.exists() and not lost.exists()
    garden.trash.recover(time.time() + TRASH_SECONDS + 60)
    assert not folder.exists() and garden.changes.trashed() == []
    with pytest.raises(AdapterMissing, match="not in the trash any more"):
        garden.trash.restore(replace(removed, until=0.0))
