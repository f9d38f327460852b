"""Translate SQLite's errors into ours."""

import sqlite3
from pathlib import Path

from gardener_core.errors import Damaged, GardenBusy, GardenError, Remedy
from gardener_core.store.copies import latest_copy_time
from gardener_core.system.files.faults import disk_full, not_ours, read_only, write_problem

_BUSY = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
# Errors of the disk; the disk itself is asked for the reason.
_DISK_CODES = (
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_PROTOCOL,
    sqlite3.SQLITE_NOMEM,
)
_FILE_CODES = (
    sqlite3.SQLITE_CORRUPT,
    sqlite3.SQLITE_NOTADB,
    sqlite3.SQLITE_ERROR,  # a table that should exist is missing: its schema entry is gone
    sqlite3.SQLITE_MISMATCH,
    sqlite3.SQLITE_FORMAT,
    sqlite3.SQLITE_TOOBIG,
    sqlite3.SQLITE_INTERNAL,
)


# An error message may quote a damaged file, and that need not be UTF-8.
FAULTS = (sqlite3.Error, UnicodeDecodeError)


def translate(problem: Exception, path: Path) -> GardenError | None:
    """Our error for one of SQLite; None where a row or our own call is wrong."""
    if isinstance(problem, UnicodeDecodeError):
        return damaged(path, "it holds text that is not UTF-8")
    code = getattr(problem, "sqlite_errorcode", None)
    primary = code & 0xFF if code is not None else None
    if isinstance(problem, sqlite3.IntegrityError) and primary != sqlite3.SQLITE_CORRUPT:
        return None
    if primary in _BUSY:
        return GardenBusy(
            f"Another process has been writing to {path} for too long.",
            hint="Try again in a moment; gardener runs shows what is running.",
        )
    if primary == sqlite3.SQLITE_FULL:
        return disk_full(str(path.parent))
    if primary == sqlite3.SQLITE_READONLY:
        return write_problem(path) or read_only(str(path.parent))
    if primary in (sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH):
        return not_ours(str(path))
    if primary in _DISK_CODES:
        return write_problem(path) or _unreadable(path, problem)
    # An error about text that is not UTF-8 has no code.
    if primary in _FILE_CODES or (code is None and isinstance(problem, sqlite3.OperationalError)):
        return damaged(path, str(problem))
    return None


def damaged(path: Path, reason: str) -> Damaged:
    """The error for a damaged file; it names the latest copy and the repair."""
    copied = latest_copy_time(path)
    copy_note = f" A copy of {copied} is kept beside it." if copied else ""
    return Damaged(f"{path} is damaged: {reason}.{copy_note}", remedy=Remedy("repair"))


def _unreadable(path: Path, problem: Exception) -> GardenError:
    if not path.exists():
        return Damaged(f"{path} no longer exists.", remedy=Remedy("repair"))
    return GardenError(
        f"{path} cannot be read from the disk: {problem}. The file was not changed.",
        hint="Try again. If that does not help, check the disk (dmesg), then repair.",
        remedy=Remedy("repair"),
    )
