"""Keep copies of a SQLite file beside it."""

import contextlib
import os
import sqlite3
import time
from pathlib import Path

from gardener_core.system.files.atomic import writing_aside

COPIES = 3
DAY_SECONDS = 24 * 3600.0


def copies_of(path: Path) -> list[Path]:
    """The copies that were made before migrations, oldest first."""
    return _named(path, "before")


def daily_copies_of(path: Path) -> list[Path]:
    """The copies that were made from day to day, oldest first."""
    return _named(path, "copy")


def newest_first(path: Path) -> list[Path]:
    """Every copy, by when it was made."""
    copies = [*copies_of(path), *daily_copies_of(path)]
    return sorted(copies, key=_made, reverse=True)


def when_copied(path: Path) -> str:
    """When the newest copy was made, as a person reads it; nothing where there is none."""
    for copy in newest_first(path):
        return made_at(copy)
    return ""


def made_at(copy: Path) -> str:
    """When a copy was made, as a person reads it."""
    return time.strftime("%Y-%m-%d %H:%M", time.localtime(_made(copy)))


def entries_in(path: Path) -> int:
    """How much was ever done in a garden, by its own log; 0 where nothing was or can be read."""
    with (
        contextlib.suppress(OSError, sqlite3.Error, TypeError, ValueError),
        _opened(path) as connection,
    ):
        return int(connection.execute("SELECT number FROM audit_head").fetchone()[0])
    return 0


def copy_before(connection: sqlite3.Connection, path: Path, version: int) -> None:
    """Keep the file as it was before a migration; a copy that stands is of the same state or older.

    SQLite's own backup takes along what still stands in the write-ahead log.
    """
    _copy(connection, path.with_name(f"{path.name}.before-{version + 1:04d}"))
    _let_go(copies_of(path))


def copy_daily(path: Path, now: float | None = None) -> Path | None:
    """Copy a file whose last copy is a day old, if the file is whole; the last three are kept.

    A damaged file never takes the place of a good copy. On a disk that takes nothing, none is made.
    """
    present = time.time() if now is None else now
    copies = daily_copies_of(path)
    with contextlib.suppress(OSError, sqlite3.Error, ValueError):
        if copies and _made(copies[-1]) > present - DAY_SECONDS:
            return None
        copy = path.with_name(f"{path.name}.copy-{time.strftime('%y%m%d-%H%M%S')}")
        entries = entries_in(path)
        with _opened(path) as connection:
            if not entries or not _is_whole(connection):
                return None
            _copy(connection, copy)
        # A copy that knows more than the file may be all that is left of a garden.
        _let_go([each for each in daily_copies_of(path) if entries_in(each) <= entries])
        return copy
    return None


def is_whole(path: Path) -> bool:
    """Whether SQLite can read all of a file that nobody writes to."""
    try:
        with _opened(path) as connection:
            return _is_whole(connection)
    except (OSError, sqlite3.Error, ValueError):
        return False


def _opened(path: Path) -> contextlib.closing[sqlite3.Connection]:
    """Without a log where there is none: beside a copy nothing is to be made."""
    log = path.with_name(f"{path.name}-wal")
    mode = "ro" if log.exists() else "ro&immutable=1"
    address = f"{path.absolute().as_uri()}?mode={mode}"
    return contextlib.closing(sqlite3.connect(address, uri=True))


def _named(path: Path, kind: str) -> list[Path]:
    found = path.parent.glob(f"{path.name}.{kind}-*")
    return sorted(each for each in found if not each.name.endswith(("-wal", "-shm", "-journal")))


def _is_whole(connection: sqlite3.Connection) -> bool:
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    return version > 0 and connection.execute("PRAGMA quick_check(1)").fetchone()[0] == "ok"


def _copy(connection: sqlite3.Connection, copy: Path) -> None:
    with writing_aside(copy) as new:
        os.close(os.open(new, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
        with contextlib.closing(sqlite3.connect(new)) as target:
            connection.backup(target)


def _let_go(copies: list[Path]) -> None:
    for old in copies[:-COPIES]:
        old.unlink(missing_ok=True)


def _made(copy: Path) -> float:
    try:
        return copy.stat().st_mtime
    except OSError:
        return 0.0
