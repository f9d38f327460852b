"""A garden.db is copied daily, and rebuilt from a copy and its readable rows."""

import os
from pathlib import Path

import pytest

from gardener_core.errors import FromNewerVersion
from gardener_core.store.copies import (
    COPIES,
    DAY_SECONDS,
    copy_daily,
    count_entries,
    daily_copies_of,
    is_intact,
    latest_copy_time,
)
from gardener_core.store.database import Database
from gardener_core.store.garden.audit import AuditLog
from gardener_core.store.garden.projects import ProjectTable
from gardener_core.store.garden.runs import Run, RunTable
from gardener_core.store.garden.salvage import salvage


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A garden.db with one project and one run."""
    path = tmp_path / "garden.db"
    database = Database(path)
    ProjectTable(database).insert("web", tmp_path / "web")
    RunTable(database).keep(Run("a", "index", "p", 1.0, "finished"))
    return path


def age(copy: Path, days: float) -> None:
    past = copy.stat().st_mtime - days * DAY_SECONDS
    os.utime(copy, (past, past))


def names(path: Path) -> list[str]:
    return [project.name for project in ProjectTable(Database(path)).all()]


def test_a_copy_a_day_and_the_last_three_stay(path: Path) -> None:
    assert latest_copy_time(path) == ""
    for number in range(1, COPIES + 3):
        copy = copy_daily(path)
        assert copy is not None and is_intact(copy) and count_entries(copy) == 1
        assert copy_daily(path) is None, "the last copy is of today"
        age(copy.rename(path.with_name(f"{path.name}.copy-2401{number:02d}-000000")), 2)
    assert [copy.name[-13:-7] for copy in daily_copies_of(path)] == ["240103", "240104", "240105"]
    assert latest_copy_time(path)


def test_a_damaged_or_empty_file_is_not_copied(path: Path, tmp_path: Path) -> None:
    path.write_bytes(b"not a database" * 1000)
    assert copy_daily(path) is None and not is_intact(path) and count_entries(path) == 0
    empty = tmp_path / "empty.db"
    Database(empty)
    assert copy_daily(empty) is None
    assert not is_intact(tmp_path / "missing.db")


def test_an_intact_or_a_new_file_is_not_rebuilt(path: Path, tmp_path: Path) -> None:
    assert salvage(path) is None
    assert salvage(tmp_path / "new.db") is None


def test_a_missing_file_comes_from_the_copy(path: Path) -> None:
    copy_daily(path)
    path.unlink()
    missing = salvage(path)
    assert missing is not None and missing.problem == "garden.db is missing."
    assert names(path) == ["web"]
    assert RunTable(Database(path)).ids() == ["a"]


def test_readable_rows_survive_damage_without_a_copy(path: Path) -> None:
    database = Database(path)
    with database.writing() as connection:
        connection.execute("DROP TABLE runs")
    salvaged = salvage(path)
    assert salvaged is not None and "damaged file is kept" in salvaged.done
    assert "Not everything could be read of: runs" in salvaged.done
    assert names(path) == ["web"] and RunTable(Database(path)).ids() == []
    log = AuditLog(Database(path))
    assert log.verify().intact
    assert [entry.action for entry in log.all()] == ["project added", "garden made again"]


def test_a_file_of_a_newer_version_is_not_touched(path: Path) -> None:
    copy_daily(path)
    with Database(path).writing() as connection:
        connection.execute("PRAGMA user_version = 99")
    before = path.read_bytes()
    with pytest.raises(FromNewerVersion, match="newer version"):
        salvage(path)
    assert path.read_bytes() == before
