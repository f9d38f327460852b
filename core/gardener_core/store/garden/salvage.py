"""Make a damaged garden.db again."""

import contextlib
import os
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from gardener_core.errors import Damaged, GardenBusy
from gardener_core.store.copies import entries_in, is_whole, made_at, newest_first
from gardener_core.store.database import Database, connect
from gardener_core.store.faults import FAULTS
from gardener_core.store.garden.audit import enter, unbroken
from gardener_core.system.files.atomic import sync_folder
from gardener_core.system.files.faults import explained

# A table and what its rows are told apart by; those that others point to come first.
_TABLES = {
    "projects": "id",
    "project_settings": "project, key",
    "adapters": "rowid",
    "runs": "number",
    "conversations": "rowid",
    "messages": "number",
}


@dataclass(frozen=True, slots=True)
class SalvagedRows:
    """What could be read of a table; `whole` where nothing of it is missing."""

    columns: tuple[str, ...]
    values: tuple[tuple[object, ...], ...]
    whole: bool


@dataclass(frozen=True, slots=True)
class Salvaged:
    """What was wrong with the file, and what it was made of again."""

    found: str
    done: str


def salvage(path: Path) -> Salvaged | None:
    """Make the file again where it is damaged, missing or was emptied; None where it is whole.

    It is made of the newest whole copy and of what can still be read; the damaged file is kept.
    """
    copy = _best_copy(path)
    found = _wrong_with(path, copy)
    if not found:
        return None
    with explained(path):
        aside = _kept_aside(path)
        _must_be_free(path, aside)
        new = path.with_name(f".{path.name}.again")
        _take_away(new)
        if copy is not None:
            shutil.copyfile(copy, new)
            os.chmod(new, 0o600)
        lost = _fill(new, aside)
        _take_away(path)
        os.replace(new, path)
        sync_folder(path.parent)
    return Salvaged(found, _told(copy, aside, lost))


def _wrong_with(path: Path, copy: Path | None) -> str:
    if not path.exists():
        return f"{path.name} is missing." if copy else ""
    try:
        problem = Database(path).problem()
    except Damaged as fault:
        problem = fault.what
        if "newer version" in problem:
            raise
    if problem:
        return problem
    emptied = copy is not None and entries_in(path) == 0 and entries_in(copy) > 0
    return f"{path.name} is empty, though a copy is not." if emptied else ""


def _best_copy(path: Path) -> Path | None:
    for copy in newest_first(path):
        if is_whole(copy) and entries_in(copy):
            return copy
    return None


def _must_be_free(path: Path, aside: Path | None) -> None:
    """Another process would go on with a file that is no longer the garden's."""
    if aside is None:
        return
    try:
        with contextlib.closing(sqlite3.connect(path, timeout=1)) as connection:
            connection.execute("PRAGMA locking_mode = EXCLUSIVE")
            connection.execute("BEGIN EXCLUSIVE")
            connection.execute("ROLLBACK")
    except FAULTS as problem:
        code = getattr(problem, "sqlite_errorcode", None) or 0
        if code & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            _take_away(aside)
            raise GardenBusy(
                f"Another process has {path} open.", hint="Close the other screens, then try again."
            ) from None


def _kept_aside(path: Path) -> Path | None:
    """A copy of the damaged file, byte for byte, with its log."""
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


def _fill(new: Path, aside: Path | None) -> list[str]:
    """Put what can still be read into the new file; the tables of which something is missing.

    A row that points to a lost project stays: it counts again when the project is entered again.
    """
    Database(new)
    lost: list[str] = []
    with contextlib.closing(connect(new)) as target:
        target.execute("PRAGMA foreign_keys = OFF")
        target.execute("BEGIN IMMEDIATE")
        if aside is not None:
            with _opened_aside(aside) as source:
                lost = [name for name in _TABLES if not _moved(source, target, name)]
                if not _audit_moved(source, target):
                    lost.append("audit")
        enter(target, "garden made again", "", ", ".join(lost))
        target.execute("COMMIT")
        target.execute("PRAGMA journal_mode = DELETE")  # one file of it, without a log
    return lost


@contextlib.contextmanager
def _opened_aside(aside: Path) -> Iterator[sqlite3.Connection]:
    """A scratch copy: SQLite writes to what it opens, and the damaged file stays as it is."""
    with tempfile.TemporaryDirectory(dir=aside.parent, prefix=".salvage-") as folder:
        scratch = Path(folder) / "damaged.db"
        for end in ("", "-wal"):
            if aside.with_name(aside.name + end).exists():
                shutil.copyfile(aside.with_name(aside.name + end), f"{scratch}{end}")
        with contextlib.closing(sqlite3.connect(scratch, isolation_level=None)) as connection:
            yield connection


def _moved(source: sqlite3.Connection, target: sqlite3.Connection, table: str) -> bool:
    """Whether all of a table went over; the rows of a copy stay where the file's own are lost."""
    rows = _rows(source, table)
    if rows.whole:
        target.execute("SAVEPOINT moving")
        target.execute(f"DELETE FROM {table}")
        if _inserted(target, table, rows):
            target.execute("RELEASE moving")
            return True
        target.execute("ROLLBACK TO moving")
        target.execute("RELEASE moving")
    _inserted(target, table, rows)
    return False


def _inserted(target: sqlite3.Connection, table: str, rows: SalvagedRows) -> bool:
    names, marks = ", ".join(rows.columns), ", ".join("?" * len(rows.columns))
    whole = True
    for values in rows.values:
        try:
            target.execute(f"INSERT OR REPLACE INTO {table} ({names}) VALUES ({marks})", values)
        except (sqlite3.Error, ValueError, OverflowError):  # what stands there can be no such row
            whole = False
    return whole


def _rows(source: sqlite3.Connection, table: str) -> SalvagedRows:
    """Read a table from its beginning and from its end, as far as each goes."""
    columns: tuple[str, ...] = ()
    found: dict[tuple[object, ...], None] = {}
    whole = False
    for order in ("ASC", "DESC"):
        ordered = ", ".join(f"{key} {order}" for key in _TABLES.get(table, "number").split(", "))
        try:
            cursor = source.execute(f"SELECT * FROM {table} ORDER BY {ordered}")
            columns = tuple(item[0] for item in cursor.description)
            for row in cursor:
                found[tuple(row)] = None
            whole = True
        except (sqlite3.Error, TypeError, ValueError):
            continue
    return SalvagedRows(columns, tuple(found), whole)


def _audit_moved(source: sqlite3.Connection, target: sqlite3.Connection) -> bool:
    """Go on with the log as far as its chain holds; whether that is all of it."""
    rows = _rows(source, "audit")
    kept = target.execute("SELECT number, hash FROM audit_head").fetchone()
    entries = unbroken(sorted(rows.values, key=lambda row: str(row[0]).rjust(20)))
    last = tuple(kept)
    fits = last[0] == 0 or any((row[0], row[5]) == last for row in entries)
    if fits:
        more = [row for row in entries if row[0] > last[0]]
        target.executemany("INSERT INTO audit VALUES (?, ?, ?, ?, ?, ?)", more)
        if more:
            target.execute("UPDATE audit_head SET number = ?, hash = ?", (more[-1][0], more[-1][5]))
    return rows.whole and fits and len(entries) == len(rows.values)


def _take_away(path: Path) -> None:
    for end in ("", "-wal", "-shm"):
        path.with_name(path.name + end).unlink(missing_ok=True)


def _told(copy: Path | None, aside: Path | None, lost: list[str]) -> str:
    parts = []
    if copy is not None:
        parts.append(f"Made it again with the copy of {made_at(copy)}.")
    if aside is not None:
        parts.append(f"What could be read was taken over; the damaged file is kept as {aside}.")
    if lost:
        parts.append(f"Not all could be read of: {', '.join(lost)}.")
    return " ".join(parts)
