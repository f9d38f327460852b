"""Open garden.db and bring it up to date."""

import contextlib
import fcntl
import os
import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path

from gardener_core.atomic import make_folder, writing_aside
from gardener_core.errors import Damaged
from gardener_core.keeping.steps import GARDEN_STEPS

COPIES = 3
PATIENCE_SECONDS = 30


class Database:
    """One SQLite file; a connection a use, so that any thread may call."""

    def __init__(self, path: Path, steps: Sequence[str] = GARDEN_STEPS) -> None:
        self.path = path
        make_folder(path.parent)
        if _version(path) != len(steps):
            _migrate(path, steps)

    @contextlib.contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """A connection for looking."""
        connection = _connect(self.path)
        try:
            yield connection
        finally:
            connection.close()

    @contextlib.contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """A connection inside one transaction that is kept whole or not at all."""
        connection = _connect(self.path)
        try:
            connection.execute("BEGIN IMMEDIATE")
            yield connection
            connection.execute("COMMIT")
        finally:
            connection.close()  # what was not committed is rolled back here

    def problem(self) -> str:
        """What SQLite finds wrong with the file; nothing where it is whole."""
        try:
            with self.reading() as connection:
                found = str(connection.execute("PRAGMA quick_check(1)").fetchone()[0])
        except sqlite3.DatabaseError as problem:
            return str(problem)
        return "" if found == "ok" else found


def copies_of(path: Path) -> list[Path]:
    """The copies that were made before migrations, oldest first."""
    return sorted(path.parent.glob(f"{path.name}.before-*"), key=lambda file: file.name)


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=PATIENCE_SECONDS, isolation_level=None)
    connection.row_factory = sqlite3.Row
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA foreign_keys = ON")
    return connection


def _version(path: Path) -> int:
    if not path.exists():
        return -1
    try:
        with contextlib.closing(_connect(path)) as connection:
            return int(connection.execute("PRAGMA user_version").fetchone()[0])
    except sqlite3.DatabaseError as problem:
        copies = copies_of(path)
        hint = f"An older copy stands in {copies[-1]}." if copies else "Move the file away."
        raise Damaged(f"{path} cannot be opened: {problem}.", hint=hint) from None


def _migrate(path: Path, steps: Sequence[str]) -> None:
    lock = os.open(path.with_name(f"{path.name}.lock"), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        with contextlib.closing(_connect(path)) as connection:
            # A table that is made anew would take the rows that point to it along.
            connection.execute("PRAGMA foreign_keys = OFF")
            done = int(connection.execute("PRAGMA user_version").fetchone()[0])
            if done > len(steps):
                raise Damaged(
                    f"{path} was written by a newer version of this program.",
                    hint="Install that version again; the file was not touched.",
                )
            if 0 < done < len(steps):
                _copy(connection, path, done)
            for number in range(done, len(steps)):
                connection.executescript(
                    f"BEGIN IMMEDIATE; {steps[number]} PRAGMA user_version = {number + 1}; COMMIT;"
                )
    finally:
        os.close(lock)


def _copy(connection: sqlite3.Connection, path: Path, version: int) -> None:
    """Keep the file as it was before a migration; a copy that stands is of the same state or older.

    SQLite's own backup takes along what still stands in the write-ahead log.
    """
    copy = path.with_name(f"{path.name}.before-{version + 1:04d}")
    with writing_aside(copy) as new:
        os.close(os.open(new, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
        with contextlib.closing(sqlite3.connect(new)) as target:
            connection.backup(target)
    for old in copies_of(path)[:-COPIES]:
        old.unlink(missing_ok=True)
