"""A garden of every earlier version is migrated completely."""

import contextlib
import sqlite3
from pathlib import Path

import pytest

from gardener_core.errors import Damaged
from gardener_core.store.copies import COPIES, copies_of
from gardener_core.store.database import GARDEN_STEPS, Database
from gardener_core.store.garden.adapters import AdapterTable
from gardener_core.store.garden.audit import AuditLog
from gardener_core.store.garden.projects import ProjectTable
from gardener_core.store.garden.runs import RunTable

VERSIONS = range(1, len(GARDEN_STEPS))


def old_garden(path: Path, version: int) -> None:
    """A file as that version left it, the last writes still in the write-ahead log."""
    Database(path, GARDEN_STEPS[:version])
    with Database(path, GARDEN_STEPS[:version]).writing() as connection:
        for number in (2, 1):
            connection.execute(
                "INSERT INTO projects (id, name, path, created, files, chunks, languages, state, "
                "base, adapter, versions) VALUES (?, ?, ?, ?, 7, 9, '[\"python\"]', 'ready', "
                "'seedling', 'v3', 3)",
                (f"id{number}", f"web{number}", f"/src/{number}", float(number)),
            )
            connection.execute(
                "INSERT INTO runs (id, kind, project, started, state, step, steps, loss) "
                "VALUES (?, 'train', 'id1', ?, 'finished', 5, 9, 1.5)",
                (f"run{number}", float(number)),
            )
        connection.execute(
            "INSERT INTO adapters (project, version, base, run, created, bytes) "
            "VALUES ('id1', 'v3', 'seedling', 'run1', 1.0, 8)"
        )


@pytest.mark.parametrize("version", VERSIONS)
def test_everything_is_there_after_migrating(tmp_path: Path, version: int) -> None:
    path = tmp_path / "garden.db"
    old_garden(path, version)
    database = Database(path)
    projects = ProjectTable(database)
    first, second = projects.all()
    assert (first.id, first.name, first.path, first.files) == ("id1", "web1", Path("/src/1"), 7)
    assert (first.languages, first.state, first.adapter) == (("python",), "ready", "v3")
    assert second.id == "id2" and projects.next_version("id1") == "v4"
    # Making the table of projects anew must not take along what points to it.
    assert [adapter.version for adapter in AdapterTable(database).of_project("id1")] == ["v3"]
    # The first version knew only when they began, the later ones know the order of insertion.
    newest_first = ["run2", "run1"] if version == 1 else ["run1", "run2"]
    assert [run.id for run in RunTable(database).all()] == newest_first
    assert RunTable(database).get("run1").loss == 1.5
    with database.reading() as connection:
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    assert AuditLog(database).verify().intact


@pytest.mark.parametrize("version", VERSIONS)
def test_migrated_garden_has_the_shape_of_a_new_one(tmp_path: Path, version: int) -> None:
    old_garden(tmp_path / "old.db", version)
    shapes = []
    for name in ("old.db", "new.db"):
        with Database(tmp_path / name).reading() as connection:
            rows = connection.execute("SELECT type, name, sql FROM sqlite_schema ORDER BY name")
            shapes.append([tuple(row) for row in rows])
    assert shapes[0] == shapes[1]


def test_copy_is_made_before_migrating_and_holds_what_was_written_last(tmp_path: Path) -> None:
    path = tmp_path / "garden.db"
    old_garden(path, 1)
    Database(path)
    (copy,) = copies_of(path)
    assert copy.stat().st_mode & 0o077 == 0
    with contextlib.closing(sqlite3.connect(copy)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone()[0] == 1
        assert connection.execute("SELECT count(*) FROM projects").fetchone()[0] == 2


def test_new_garden_and_present_one_make_no_copy(tmp_path: Path) -> None:
    path = tmp_path / "garden.db"
    Database(path)
    Database(path)
    assert copies_of(path) == []


def test_last_three_copies_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "garden.db"
    steps = list(GARDEN_STEPS)
    Database(path, steps)
    for number in range(COPIES + 2):
        steps.append(f"CREATE TABLE later{number} (x TEXT) STRICT;")
        Database(path, steps)
    newest = len(steps) - 1
    kept = [f"garden.db.before-{newest + 1 - back:04d}" for back in reversed(range(COPIES))]
    assert [copy.name for copy in copies_of(path)] == kept


def test_copy_brings_the_old_state_back(tmp_path: Path) -> None:
    path = tmp_path / "garden.db"
    old_garden(path, 1)
    broken = [*GARDEN_STEPS[:1], "DELETE FROM projects; CREATE NONSENSE;"]
    with pytest.raises(Damaged, match="NONSENSE"):
        Database(path, broken)
    (copy,) = copies_of(path)
    copy.replace(path)
    path.with_name("garden.db-wal").unlink(missing_ok=True)
    assert [project.id for project in ProjectTable(Database(path)).all()] == ["id1", "id2"]
