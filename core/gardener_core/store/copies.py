"""Back up a SQLite file beside itself."""

import contextlib
import os
import sqlite3
import time
from pathlib import Path

from gardener_core.system.files.atomic import writing_aside

COPIES = 3
DAY_SECONDS = 24 * 3600.0


def copies_of(path: Path) -> list[Path]:
    """The copies made before migrations, oldest first."""
    return _copies_named(path, "before")


def daily_copies_of(path: Path) -> list[Path]:
    """The daily copies, oldest first."""
    return _copies_named(path, "copy")


def newest_first(path: Path) -> list[Path]:
    """Every copy, newest first."""
    copies = [*copies_of(path), *daily_copies_of(path)]
    return sorted(copies, key=_modified, reverse=True)


def latest_copy_time(path: Path) -> str:
    """When the newest copy was made, for people; empty where there is none."""
    for copy in newest_first(path):
        return copy_time(copy)
    return ""


def copy_time(copy: Path) -> str:
    """When a copy was made, for people to read."""
    return time.strftime("%Y-%m-%d %H:%M", time.localtime(_modified(copy)))


def count_entries(path: Path) -> int:
    """The number of audit entries in a garden.db; 0 if it cannot be read."""
    with (
        contextlib.suppress(OSError, sqlite3.Error, TypeError, ValueError),
        _open_read_only(path) as connection,
    ):
        return int(connection.execute("SELECT number FROM audit_head").fetchone()[0])
    return 0


def copy_before(connection: sqlite3.Connection, path: Path, version: int) -> None:
    """Copy a file before a migration.

    SQLite's own backup includes what is still in the write-ahead log.
    """
    _copy(connection, path.with_name(f"{path.name}.before-{version + 1:04d}"))
    _delete_old(copies_of(path))


def copy_daily(path: Path, now: float | None = None) -> Path | None:
    """Copy a file once a day if it is intact; the last three copies stay.

    A damaged file never replaces a good copy. If the disk cannot be written to, no copy is made.
    """
    current = time.time() if now is None else now
    copies = daily_copies_of(path)
    with contextlib.suppress(OSError, sqlite3.Error, ValueError):
        if copies and _modified(copies[-1]) > current - DAY_SECONDS:
            return None
        copy = path.with_name(f"{path.name}.copy-{time.strftime('%y%m%d-%H%M%S')}")
        entries = count_entries(path)
        with _open_read_only(path) as connection:
            if not entries or not _passes_check(connection):
                return None
            _copy(connection, copy)
        # A copy with more entries than the file may be all that is left of a garden.
        _delete_old([each for each in daily_copies_of(path) if count_entries(each) <= entries])
        return copy
    return None


def is_intact(path: Path) -> bool:
    """Whether SQLite can read all of a file that is not being written."""
    try:
        with _open_read_only(path) as connection:
            return _passes_check(connection)
    except (OSError, sqlite3.Error, ValueError):
        return False


def _open_read_only(path: Path) -> contextlib.closing[sqlite3.Connection]:
    """Open for reading; immutable without a log, to create no file beside it."""
    log = path.with_name(f"{path.name}-wal")
    mode = "ro" if log.exists() else "ro&immutable=1"
    address = f"{path.absolute().as_uri()}?mode={mode}"
    return contextlib.closing(sqlite3.connect(address, uri=True))


def _copies_named(path: Path, kind: str) -> list[Path]:
    paths = path.parent.glob(f"{path.name}.{kind}-*")
    return sorted(each for each in paths if not each.name.endswith(("-wal", "-shm", "-journal")))


def _passes_check(connection: sqlite3.Connection) -> bool:
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    return version > 0 and connection.execute("PRAGMA quick_check(1)").fetchone()[0] == "ok"


def _copy(connection: sqlite3.Connection, copy: Path) -> None:
    with writing_aside(copy) as new:
        os.close(os.open(new, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
        with contextlib.closing(sqlite3.connect(new)) as target:
            connection.backup(target)


def _delete_old(copies: list[Path]) -> None:
    for old in copies[:-COPIES]:
        old.unlink(missing_ok=True)


def _modified(copy: Path) -> float:
    try:
        return copy.stat().st_mtime
    except OSError:
        return 0.0
