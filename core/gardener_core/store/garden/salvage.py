"""Rebuild a damaged garden.db."""

import contextlib
import gc
import os
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from gardener_core.errors import Damaged, FromNewerVersion, GardenBusy
from gardener_core.store.copies import copy_time, count_entries, is_intact, newest_first
from gardener_core.store.database import Database, connect
from gardener_core.store.faults import FAULTS
from gardener_core.store.garden.audit import record_action, unbroken_entries
from gardener_core.system.files.atomic import sync_folder
from gardener_core.system.files.faults import translated_os_errors

# Each table and its key; tables that others refer to come first.
_TABLES = {
    "projects": "id",
    "project_settings": "project, key",
    "adapters": "rowid",
    "adapter_uses": "number",
    "deployments": "number",
    "runs": "number",
    "conversations": "rowid",
    "messages": "number",
    "chat_views": "project",
    "summaries": "answer",
}
# What no folder holds: rows of a copy stay where the file itself was emptied.
_ONLY_HERE = frozenset({"conversations", "messages", "chat_views", "summaries"})


@dataclass(frozen=True, slots=True)
class SalvagedRows:
    """The readable rows of a table; `complete` if no row is missing."""

    columns: tuple[str, ...]
    values: tuple[tuple[object, ...], ...]
    complete: bool


@dataclass(frozen=True, slots=True)
class Salvaged:
    """What was wrong with the file, and what it was rebuilt from."""

    problem: str
    done: str


def salvage(path: Path) -> Salvaged | None:
    """Rebuild the file if it is damaged, missing or was emptied, else None.

    The newest intact copy and every readable row go into it; the damaged file is kept.
    """
    copy = _best_copy(path)
    problem = _problem(path, copy)
    emptied = not problem and _is_emptied(path, copy)
    if emptied:
        problem = f"{path.name} is empty, though a copy is not."
    if not problem:
        return None
    with translated_os_errors(path):
        aside = _copy_aside(path)
        _require_unused(path, aside)
        new = path.with_name(f".{path.name}.again")
        _delete_database(new)
        if copy is not None:
            shutil.copyfile(copy, new)
            os.chmod(new, 0o600)
        lost = _fill_from(new, aside, emptied)
        _delete_database(path)
        os.replace(new, path)
        sync_folder(path.parent)
    return Salvaged(problem, _summary(copy, aside, lost))


def _problem(path: Path, copy: Path | None) -> str:
    if not path.exists():
        return f"{path.name} is missing." if copy else ""
    try:
        problem = Database(path).problem()
    except FromNewerVersion:
        raise
    except Damaged as fault:
        problem = fault.what
    return problem


def _is_emptied(path: Path, copy: Path | None) -> bool:
    """Whether a whole file holds nothing though a copy does: it was lost and begun anew."""
    if copy is None or not path.exists():
        return False
    return count_entries(path) == 0 and count_entries(copy) > 0


def _best_copy(path: Path) -> Path | None:
    for copy in newest_first(path):
        if is_intact(copy) and count_entries(copy):
            return copy
    return None


def _require_unused(path: Path, aside: Path | None) -> None:
    """Refuse while another process has the file open."""
    if aside is None:
        return
    # An error of the damaged file may be part of a circle with the statement that met it, and
    # SQLite keeps the file open until the last statement is gone.
    gc.collect()
    try:
        with contextlib.closing(sqlite3.connect(path, timeout=1)) as connection:
            connection.execute("PRAGMA locking_mode = EXCLUSIVE")
            connection.execute("BEGIN EXCLUSIVE")
            connection.execute("ROLLBACK")
    except FAULTS as problem:
        code = getattr(problem, "sqlite_errorcode", None) or 0
        if code & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            _delete_database(aside)
            raise GardenBusy(
                f"Another process has {path} open.", hint="Close the other screens, then try again."
            ) from None


def _copy_aside(path: Path) -> Path | None:
    """Copy the damaged file and its log, byte for byte."""
    if not path.exists():
        return None
    aside = path.with_name(f"{path.name}.damaged-{time.strftime('%y%m%d-%H%M%S')}")
    shutil.copyfile(path, aside)
    os.chmod(aside, 0o600)
    log = path.with_name(f"{path.name}-wal")
    if log.exists():
        shutil.copyfile(log, aside.with_name(f"{aside.name}-wal"))
        os.chmod(aside.with_name(f"{aside.name}-wal"), 0o600)
    return aside


def _fill_from(new: Path, aside: Path | None, emptied: bool) -> list[str]:
    """Copy readable rows into the new file; the incomplete tables.

    A row that refers to a lost project stays: it is valid again once the project's row is rebuilt.
    """
    Database(new)
    lost: list[str] = []
    with contextlib.closing(connect(new)) as target:
        target.execute("PRAGMA foreign_keys = OFF")
        target.execute("BEGIN IMMEDIATE")
        if aside is not None:
            with _open_scratch_copy(aside) as source:
                tables = [name for name in _TABLES if not (emptied and name in _ONLY_HERE)]
                lost = [name for name in tables if not _copy_table(source, target, name)]
                if not _copy_audit(source, target):
                    lost.append("audit")
        # A row that was replaced is still among the words that are searched.
        target.execute("INSERT INTO message_words (message_words) VALUES ('rebuild')")
        record_action(target, "garden made again", "", ", ".join(lost))
        target.execute("COMMIT")
        target.execute("PRAGMA journal_mode = DELETE")  # a single file, without a log
    return lost


@contextlib.contextmanager
def _open_scratch_copy(aside: Path) -> Iterator[sqlite3.Connection]:
    """Open a scratch copy: SQLite writes to what it opens."""
    with tempfile.TemporaryDirectory(dir=aside.parent, prefix=".salvage-") as folder:
        scratch = Path(folder) / "damaged.db"
        for end in ("", "-wal"):
            if aside.with_name(aside.name + end).exists():
                shutil.copyfile(aside.with_name(aside.name + end), f"{scratch}{end}")
        with contextlib.closing(sqlite3.connect(scratch, isolation_level=None)) as connection:
            yield connection


def _copy_table(source: sqlite3.Connection, target: sqlite3.Connection, table: str) -> bool:
    """Copy a table over the backup's rows; whether all of it."""
    rows = _read_rows(source, table)
    if rows.complete:
        target.execute("SAVEPOINT moving")
        target.execute(f"DELETE FROM {table}")
        if _insert_rows(target, table, rows):
            target.execute("RELEASE moving")
            return True
        target.execute("ROLLBACK TO moving")
        target.execute("RELEASE moving")
    _insert_rows(target, table, rows)
    return False


def _insert_rows(target: sqlite3.Connection, table: str, rows: SalvagedRows) -> bool:
    names, marks = ", ".join(rows.columns), ", ".join("?" * len(rows.columns))
    complete = True
    for values in rows.values:
        try:
            target.execute(f"INSERT OR REPLACE INTO {table} ({names}) VALUES ({marks})", values)
        except (sqlite3.Error, ValueError, OverflowError):  # the values do not fit the table
            complete = False
    return complete


def _read_rows(source: sqlite3.Connection, table: str) -> SalvagedRows:
    """Read a table from both ends, as far as each can be read."""
    columns: tuple[str, ...] = ()
    values: dict[tuple[object, ...], None] = {}
    complete = False
    for order in ("ASC", "DESC"):
        ordered = ", ".join(f"{key} {order}" for key in _TABLES.get(table, "number").split(", "))
        try:
            cursor = source.execute(f"SELECT * FROM {table} ORDER BY {ordered}")
            columns = tuple(item[0] for item in cursor.description)
            for row in cursor:
                values[tuple(row)] = None
            complete = True
        except (sqlite3.Error, TypeError, ValueError):
            continue
    return SalvagedRows(columns, tuple(values), complete)


def _copy_audit(source: sqlite3.Connection, target: sqlite3.Connection) -> bool:
    """Copy the log up to a break of its chain; whether all of it."""
    rows = _read_rows(source, "audit")
    head = target.execute("SELECT number, hash FROM audit_head").fetchone()
    entries = unbroken_entries(sorted(rows.values, key=lambda row: str(row[0]).rjust(20)))
    last = tuple(head)
    fits = last[0] == 0 or any((row[0], row[5]) == last for row in entries)
    if fits:
        more = [row for row in entries if row[0] > last[0]]
        target.executemany("INSERT INTO audit VALUES (?, ?, ?, ?, ?, ?)", more)
        if more:
            target.execute("UPDATE audit_head SET number = ?, hash = ?", (more[-1][0], more[-1][5]))
    return rows.complete and fits and len(entries) == len(rows.values)


def _delete_database(path: Path) -> None:
    for end in ("", "-wal", "-shm"):
        path.with_name(path.name + end).unlink(missing_ok=True)


def _summary(copy: Path | None, aside: Path | None, lost: list[str]) -> str:
    parts = []
    if copy is not None:
        parts.append(f"Rebuilt it from the copy of {copy_time(copy)}.")
    if aside is not None:
        parts.append(f"Readable rows were copied; the damaged file is kept as {aside}.")
    if lost:
        parts.append(f"Not everything could be read of: {', '.join(lost)}.")
    return " ".join(parts)
