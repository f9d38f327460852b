"""Open garden.db and bring it up to date."""

import contextlib
import fcntl
import os
import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path

from gardener_core.atomic import make_folder
from gardener_core.errors import Damaged

# Forward only: a released step is never changed, new ones are added at the end.
GARDEN_STEPS: Sequence[str] = (
    """
    CREATE TABLE projects (
        id TEXT PRIMARY KEY,
        name TEXT NOT NULL UNIQUE,
        path TEXT NOT NULL UNIQUE,
        created REAL NOT NULL,
        files INTEGER NOT NULL DEFAULT 0,
        chunks INTEGER NOT NULL DEFAULT 0,
        languages TEXT NOT NULL DEFAULT '[]',
        state TEXT NOT NULL DEFAULT 'new',
        base TEXT NOT NULL DEFAULT '',
        adapter TEXT NOT NULL DEFAULT '',
        versions INTEGER NOT NULL DEFAULT 0
    ) STRICT;
    CREATE TABLE runs (
        id TEXT PRIMARY KEY,
        kind TEXT NOT NULL,
        project TEXT NOT NULL,
        started REAL NOT NULL,
        state TEXT NOT NULL,
        step INTEGER NOT NULL DEFAULT 0,
        steps INTEGER NOT NULL DEFAULT 0,
        loss REAL
    ) STRICT;
    CREATE INDEX runs_by_project ON runs (project, started);
    CREATE TABLE adapters (
        project TEXT NOT NULL REFERENCES projects (id) ON DELETE CASCADE,
        version TEXT NOT NULL,
        base TEXT NOT NULL,
        run TEXT NOT NULL,
        created REAL NOT NULL,
        bytes INTEGER NOT NULL,
        PRIMARY KEY (project, version)
    ) STRICT;
    """,
)


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


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=30, isolation_level=None)
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
        raise Damaged(
            f"{path} cannot be opened: {problem}.", hint="Move the file away and start again."
        ) from None


def _migrate(path: Path, steps: Sequence[str]) -> None:
    lock = os.open(path.with_name(f"{path.name}.lock"), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        with contextlib.closing(_connect(path)) as connection:
            done = int(connection.execute("PRAGMA user_version").fetchone()[0])
            if done > len(steps):
                raise Damaged(
                    f"{path} was written by a newer version of this program.",
                    hint="Install that version again; the file was not touched.",
                )
            for number in range(done, len(steps)):
                connection.executescript(
                    f"BEGIN IMMEDIATE; {steps[number]} PRAGMA user_version = {number + 1}; COMMIT;"
                )
    finally:
        os.close(lock)
