"""Say in our words what SQLite says."""

import sqlite3
from pathlib import Path

from gardener_core.errors import Damaged, GardenBusy, GardenError, Remedy
from gardener_core.store.copies import when_copied
from gardener_core.system.files.faults import disk_full, not_ours, read_only, why_not_written

_BUSY = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
# What SQLite says when the disk is in the way; the disk itself knows which way.
_OF_THE_DISK = (
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_PROTOCOL,
    sqlite3.SQLITE_NOMEM,
)
_OF_THE_FILE = (
    sqlite3.SQLITE_CORRUPT,
    sqlite3.SQLITE_NOTADB,
    sqlite3.SQLITE_ERROR,  # a table that should be there is missing: its entry is gone
    sqlite3.SQLITE_MISMATCH,
    sqlite3.SQLITE_FORMAT,
    sqlite3.SQLITE_TOOBIG,
    sqlite3.SQLITE_INTERNAL,
)


# SQLite names what it found in a damaged file, and that need not be UTF-8.
FAULTS = (sqlite3.Error, UnicodeDecodeError)


def in_our_words(problem: Exception, path: Path) -> GardenError | None:
    """What an error of SQLite means for this file; None where it is about a row or our own call."""
    if isinstance(problem, UnicodeDecodeError):
        return damaged(path, "it holds text that is no UTF-8")
    code = getattr(problem, "sqlite_errorcode", None)
    primary = code & 0xFF if code is not None else None
    if isinstance(problem, sqlite3.IntegrityError) and primary != sqlite3.SQLITE_CORRUPT:
        return None
    if primary in _BUSY:
        return GardenBusy(
            f"Another process has been writing to {path} for too long.",
            hint="Try again in a moment; gardener runs shows what is going on.",
        )
    if primary == sqlite3.SQLITE_FULL:
        return disk_full(str(path.parent))
    if primary == sqlite3.SQLITE_READONLY:
        return why_not_written(path) or read_only(str(path.parent))
    if primary in (sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH):
        return not_ours(str(path))
    if primary in _OF_THE_DISK:
        return why_not_written(path) or _unanswered(path, problem)
    # A text that is no UTF-8 comes without a code.
    if primary in _OF_THE_FILE or (code is None and isinstance(problem, sqlite3.OperationalError)):
        return damaged(path, str(problem))
    return None


def damaged(path: Path, said: str) -> Damaged:
    """A file that cannot be read back, the copy that is kept of it, and what makes it whole."""
    copied = when_copied(path)
    kept = f" A copy of {copied} is kept beside it." if copied else ""
    return Damaged(f"{path} is damaged: {said}.{kept}", remedy=Remedy("repair"))


def _unanswered(path: Path, problem: Exception) -> GardenError:
    if not path.exists():
        return Damaged(f"{path} is not there any more.", remedy=Remedy("repair"))
    return GardenError(
        f"The disk does not give {path}: {problem}. The file was not changed.",
        hint="Try again. Where it stays so, look at the disk (dmesg), then repair.",
        remedy=Remedy("repair"),
    )
