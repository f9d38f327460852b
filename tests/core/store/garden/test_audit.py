"""The audit log is append-only, and detects any other change."""

import multiprocessing
import sqlite3
from pathlib import Path

import pytest

from gardener_core.store.database import Database
from gardener_core.store.garden.audit import AuditLog
from gardener_core.store.garden.projects import ProjectTable


@pytest.fixture
def database(tmp_path: Path) -> Database:
    database = Database(tmp_path / "garden.db")
    log = AuditLog(database)
    for number in range(1, 6):
        log.record("tried", f"thing {number}", "detail")
    return database


def spoil(database: Database, *statements: str) -> None:
    """What somebody does who opens the file with another program."""
    with database.writing() as connection:
        connection.execute("DROP TRIGGER IF EXISTS audit_stays")
        connection.execute("DROP TRIGGER IF EXISTS audit_keeps")
        for statement in statements:
            connection.execute(statement)


def test_whole_log_is_intact(database: Database) -> None:
    assert AuditLog(database).verify().intact
    entries = AuditLog(database).all()
    assert [entry.number for entry in entries] == [1, 2, 3, 4, 5]
    assert entries[1].subject == "thing 2" and len({entry.hash for entry in entries}) == 5


@pytest.mark.parametrize("statement", ["UPDATE audit SET detail = 'x'", "DELETE FROM audit"])
def test_log_is_only_added_to(database: Database, statement: str) -> None:
    with pytest.raises(sqlite3.IntegrityError), database.writing() as connection:
        connection.execute(statement)
    assert len(AuditLog(database).all()) == 5


@pytest.mark.parametrize(
    ("statement", "broken"),
    [
        ("UPDATE audit SET detail = 'other' WHERE number = 3", 3),
        ("UPDATE audit SET wall = wall + 1 WHERE number = 5", 5),
        ("DELETE FROM audit WHERE number = 2", 2),
        ("DELETE FROM audit WHERE number = 1", 1),
        ("DELETE FROM audit WHERE number > 3", 4),
        ("DELETE FROM audit", 1),
        ("DELETE FROM audit_head", 6),
    ],
)
def test_changed_removed_and_cut_off_entries_are_found(
    database: Database, statement: str, broken: int
) -> None:
    spoil(database, statement)
    verdict = AuditLog(database).verify()
    assert not verdict.intact and verdict.broken == broken and str(broken) in verdict.what


def test_what_is_done_to_projects_is_entered_with_it(database: Database, tmp_path: Path) -> None:
    table = ProjectTable(database)
    project = table.insert("web", tmp_path)
    table.rename(project.id, "shop")
    table.use_adapter(project.id, "v1", "seedling")
    table.remove(project.id)
    table.restore(project.id)
    table.remove(project.id)
    table.forget(project.id)
    told = [entry.action for entry in AuditLog(database).all()[5:]]
    assert told == [
        "project added", "project renamed", "adapter used", "project removed", "project restored",
        "project removed", "project gone for good",
    ]  # fmt: skip


def test_refused_change_is_not_entered(database: Database, tmp_path: Path) -> None:
    table = ProjectTable(database)
    table.insert("web", tmp_path)
    with pytest.raises(Exception, match="taken"):
        table.insert("web", tmp_path / "other")
    assert len(AuditLog(database).all()) == 6


def _enter(path: Path, mark: str) -> None:
    log = AuditLog(Database(path))
    for number in range(25):
        log.record("tried", f"{mark}{number}")


def test_four_processes_keep_one_chain(tmp_path: Path) -> None:
    path = tmp_path / "garden.db"
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=_enter, args=(path, mark)) for mark in "abcd"]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    log = AuditLog(Database(path))
    assert len(log.all()) == 100 and log.verify().intact
