"""Open a SQLite file and bring it up to date."""

import contextlib
import os
import sqlite3
import zlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote

from gardener_core.errors import Damaged, GardenError
from gardener_core.store.copies import copy_before
from gardener_core.store.faults import FAULTS, damaged, in_our_words
from gardener_core.store.migrations.garden import GARDEN_STEPS
from gardener_core.system.files.atomic import make_folder
from gardener_core.system.files.faults import explained, why_not_written
from gardener_core.system.locks import locked
from gardener_core.system.records import rebuild

PATIENCE_SECONDS = 30
Fact = TypeVar("Fact")
# What comes of values that are of another type or not there.
_STUMBLES = (TypeError, ValueError, LookupError, ArithmeticError, AttributeError, zlib.error)


class Database:
    """One SQLite file; a connection a use, so that any thread may call.

    Whatever SQLite says comes out in our words, here and nowhere else.
    """

    def __init__(self, path: Path, steps: Sequence[str] = GARDEN_STEPS) -> None:
        self.path = path
        self._steps = steps
        with explained(path):
            make_folder(path.parent)
            there = path.exists()
        version = self._version() if there else -1
        if version != len(steps):
            _bring_up_to_date(path, steps, version)

    @contextlib.contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """A connection for looking; a file that cannot be written to can be looked at."""
        with (
            _in_our_words(self.path),
            contextlib.closing(_connect_for_reading(self.path)) as opened,
        ):
            yield opened

    @contextlib.contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """A connection inside one transaction that is kept whole or not at all."""
        with _in_our_words(self.path), contextlib.closing(connect(self.path)) as connection:
            connection.execute("BEGIN IMMEDIATE")
            yield connection
            connection.execute("COMMIT")
            # What was not committed is rolled back when the connection closes.

    def problem(self) -> str:
        """What SQLite finds wrong with the file; nothing where it is whole."""
        try:
            with self.reading() as connection:
                found = str(connection.execute("PRAGMA quick_check(1)").fetchone()[0])
                shape = _shape(connection)
        except Damaged as problem:
            return problem.what
        if found != "ok":
            return found.splitlines()[-1]
        return "" if shape == _made_shape(self._steps) else "its tables are not as they were made"

    @contextlib.contextmanager
    def suspected(self) -> Iterator[None]:
        """A reader that stumbles over what it read asks whether the file is damaged.

        Only where it is, that is what is told; else it is a fault of ours, and stays one.
        """
        try:
            yield
        except _STUMBLES as fault:
            problem = self.problem()
            if not problem:
                raise
            raise damaged(self.path, problem) from fault

    def fact(self, kind: type[Fact], fields: Mapping[str, Any]) -> Fact:
        """What a row tells; where its values cannot be that, the file is damaged."""
        try:
            fact: Fact = rebuild(kind, fields)
        except (TypeError, ValueError):
            raise damaged(self.path, f"{dict(fields)!r} can be no {kind.__name__}") from None
        return fact

    def watch(self) -> "ChangeCounter":
        """Notice what other processes write."""
        return ChangeCounter(self.path)

    def _version(self) -> int:
        with self.reading() as connection:
            return int(connection.execute("PRAGMA user_version").fetchone()[0])


class ChangeCounter:
    """A number that moves when another process wrote to a file.

    A file that cannot be asked does not move: whoever reads it is told why.
    """

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(_address(path, "rw"), uri=True, check_same_thread=False)
        self._last = 0

    def number(self) -> int:
        """The number as it is now."""
        with contextlib.suppress(*FAULTS):
            row = self._connection.execute("PRAGMA data_version").fetchone()
            self._last = int(row[0])
        return self._last

    def close(self) -> None:
        """Let the file go."""
        self._connection.close()


def connect(path: Path) -> sqlite3.Connection:
    """A connection to a file that is there."""
    connection = sqlite3.connect(
        _address(path, "rw"), uri=True, timeout=PATIENCE_SECONDS, isolation_level=None
    )
    try:
        connection.row_factory = sqlite3.Row
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA foreign_keys = ON")
        # A page whose cells overlap is told as damage instead of being read as something else.
        connection.execute("PRAGMA cell_size_check = ON")
    except FAULTS:
        connection.close()
        raise
    return connection


def _connect_for_reading(path: Path) -> sqlite3.Connection:
    """As ever; else, where the write-ahead log cannot be made beside the file, without one."""
    try:
        return connect(path)
    except sqlite3.OperationalError:
        if why_not_written(path) is None:
            raise
        return _connect_without_log(path)


def _connect_without_log(path: Path) -> sqlite3.Connection:
    """Only for looking: a log that another process left is read, one that is missing not made."""
    log = path.with_name(f"{path.name}-wal")
    kept = log.exists() and log.stat().st_size > 0
    mode = "ro" if kept else "ro&immutable=1"
    connection = sqlite3.connect(_address(path, mode), uri=True, isolation_level=None)
    connection.row_factory = sqlite3.Row
    return connection


def _shape(connection: sqlite3.Connection) -> list[tuple[object, ...]]:
    rows = connection.execute("SELECT type, name, sql FROM sqlite_schema ORDER BY type, name")
    return [tuple(row) for row in rows]


def _made_shape(steps: Sequence[str]) -> list[tuple[object, ...]]:
    with contextlib.closing(sqlite3.connect(":memory:")) as connection:
        for step in steps:
            connection.executescript(step)
        return _shape(connection)


def _address(path: Path, mode: str) -> str:
    """A file that is missing is not made by looking for it."""
    return f"file:{quote(os.fsencode(path.absolute()))}?mode={mode}"


def _bring_up_to_date(path: Path, steps: Sequence[str], version: int) -> None:
    if version > len(steps):
        raise Damaged(
            f"{path} was written by a newer version of this program.",
            hint="Install that version again; the file was not touched.",
        )
    try:
        with explained(path), _in_our_words(path):
            _migrate(path, steps)
    except Damaged:
        raise
    except GardenError as fault:
        if version <= 0:
            raise
        what = f"{path} is of an older version and cannot be brought up to date now."
        raise type(fault)(f"{what} {fault.what}", hint=fault.hint) from None


@contextlib.contextmanager
def _in_our_words(path: Path) -> Iterator[None]:
    try:
        yield
    except FAULTS as problem:
        fault = in_our_words(problem, path)
        if fault is None:
            raise
        raise fault from problem


def _migrate(path: Path, steps: Sequence[str]) -> None:
    with locked(path.with_name(f"{path.name}.lock")):
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        with contextlib.closing(connect(path)) as connection:
            # A table that is made anew would take the rows that point to it along.
            connection.execute("PRAGMA foreign_keys = OFF")
            done = int(connection.execute("PRAGMA user_version").fetchone()[0])
            if 0 < done < len(steps):
                copy_before(connection, path, done)
            for number in range(done, len(steps)):
                connection.executescript(
                    f"BEGIN IMMEDIATE; {steps[number]} PRAGMA user_version = {number + 1}; COMMIT;"
                )
