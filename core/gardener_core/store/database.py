"""Open a SQLite file and bring it up to date."""

import contextlib
import os
import sqlite3
import zlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote

from gardener_core.errors import Damaged, FromNewerVersion, GardenError
from gardener_core.store.copies import copy_before
from gardener_core.store.faults import FAULTS, damaged, translate
from gardener_core.store.migrations.garden import GARDEN_STEPS
from gardener_core.system.files.atomic import make_folder
from gardener_core.system.files.faults import translated_os_errors, write_problem
from gardener_core.system.locks import locked
from gardener_core.system.records import rebuild

PATIENCE_SECONDS = 30
Record = TypeVar("Record")
# What parsing raises on values of a wrong type or missing ones.
_PARSE_ERRORS = (TypeError, ValueError, LookupError, ArithmeticError, AttributeError, zlib.error)


class Database:
    """One SQLite file; every use opens a connection, so any thread may call.

    SQLite's errors are translated into ours here and nowhere else.
    """

    def __init__(self, path: Path, steps: Sequence[str] = GARDEN_STEPS) -> None:
        self.path = path
        self._steps = steps
        with translated_os_errors(path):
            make_folder(path.parent)
            exists = path.exists()
        version = self._version() if exists else -1
        if version != len(steps):
            _upgrade(path, steps, version)

    @contextlib.contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """A connection for reading, also of a file that cannot be written."""
        with (
            _translated(self.path),
            contextlib.closing(_connect_for_reading(self.path)) as connection,
        ):
            yield connection

    @contextlib.contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """A connection inside one transaction."""
        with _translated(self.path), contextlib.closing(connect(self.path)) as connection:
            connection.execute("BEGIN IMMEDIATE")
            yield connection
            connection.execute("COMMIT")
            # What was not committed is rolled back when the connection closes.

    def problem(self) -> str:
        """What SQLite finds wrong with the file; empty if it is intact."""
        try:
            with self.reading() as connection:
                report = str(connection.execute("PRAGMA quick_check(1)").fetchone()[0])
                schema = _schema(connection)
        except Damaged as problem:
            return problem.what
        if report != "ok":
            return report.splitlines()[-1]
        return (
            ""
            if schema == _expected_schema(self._steps)
            else "its tables are not those that the program made"
        )

    @contextlib.contextmanager
    def checking_for_damage(self) -> Iterator[None]:
        """Check the file for damage when parsing what was read fails.

        If the file is intact, the bug is ours and the exception passes unchanged.
        """
        try:
            yield
        except _PARSE_ERRORS as fault:
            problem = self.problem()
            if not problem:
                raise
            raise damaged(self.path, problem) from fault

    def parse_row(self, kind: type[Record], fields: Mapping[str, Any]) -> Record:
        """A row as a dataclass; values that do not fit mean a damaged file."""
        try:
            record: Record = rebuild(kind, fields)
        except (TypeError, ValueError):
            raise damaged(self.path, f"{dict(fields)!r} is no {kind.__name__}") from None
        return record

    def watch(self) -> "ChangeCounter":
        """Notice writes by other processes."""
        return ChangeCounter(self.path)

    def _version(self) -> int:
        with self.reading() as connection:
            return int(connection.execute("PRAGMA user_version").fetchone()[0])


class ChangeCounter:
    """A number that changes when another process has written to a file.

    For a file that cannot be read it stays the same; whoever reads the file learns why.
    """

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(_address(path, "rw"), uri=True, check_same_thread=False)
        self._last = 0

    def number(self) -> int:
        """The current number."""
        with contextlib.suppress(*FAULTS):
            row = self._connection.execute("PRAGMA data_version").fetchone()
            self._last = int(row[0])
        return self._last

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


def connect(path: Path) -> sqlite3.Connection:
    """Connect to an existing file."""
    connection = sqlite3.connect(
        _address(path, "rw"), uri=True, timeout=PATIENCE_SECONDS, isolation_level=None
    )
    try:
        connection.row_factory = sqlite3.Row
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA foreign_keys = ON")
        # A page whose cells overlap is reported as damage instead of being misread.
        connection.execute("PRAGMA cell_size_check = ON")
    except FAULTS:
        connection.close()
        raise
    return connection


def _connect_for_reading(path: Path) -> sqlite3.Connection:
    """Connect; without a write-ahead log where none can be created."""
    try:
        return connect(path)
    except sqlite3.OperationalError:
        if write_problem(path) is None:
            raise
        return _connect_without_log(path)


def _connect_without_log(path: Path) -> sqlite3.Connection:
    """Connect read-only, without creating a missing write-ahead log."""
    log = path.with_name(f"{path.name}-wal")
    has_log = log.exists() and log.stat().st_size > 0
    mode = "ro" if has_log else "ro&immutable=1"
    connection = sqlite3.connect(_address(path, mode), uri=True, isolation_level=None)
    connection.row_factory = sqlite3.Row
    return connection


def _schema(connection: sqlite3.Connection) -> list[tuple[object, ...]]:
    rows = connection.execute("SELECT type, name, sql FROM sqlite_schema ORDER BY type, name")
    return [tuple(row) for row in rows]


def _expected_schema(steps: Sequence[str]) -> list[tuple[object, ...]]:
    with contextlib.closing(sqlite3.connect(":memory:")) as connection:
        for step in steps:
            connection.executescript(step)
        return _schema(connection)


def _address(path: Path, mode: str) -> str:
    """A URI whose mode keeps SQLite from creating a missing file."""
    return f"file:{quote(os.fsencode(path.absolute()))}?mode={mode}"


def _upgrade(path: Path, steps: Sequence[str], version: int) -> None:
    if version > len(steps):
        raise FromNewerVersion(
            f"{path} was written by a newer version of this program.",
            hint="Install that version again; the file was not touched.",
        )
    try:
        with translated_os_errors(path), _translated(path):
            _migrate(path, steps)
    except Damaged:
        raise
    except GardenError as fault:
        if version <= 0:
            raise
        what = f"{path} is of an older version and cannot be upgraded now."
        raise type(fault)(f"{what} {fault.what}", hint=fault.hint) from None


@contextlib.contextmanager
def _translated(path: Path) -> Iterator[None]:
    try:
        yield
    except FAULTS as problem:
        fault = translate(problem, path)
        if fault is None:
            raise
        raise fault from problem


def _migrate(path: Path, steps: Sequence[str]) -> None:
    with locked(path.with_name(f"{path.name}.lock")):
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        with contextlib.closing(connect(path)) as connection:
            # Recreating a table would delete the rows that refer to it.
            connection.execute("PRAGMA foreign_keys = OFF")
            done = int(connection.execute("PRAGMA user_version").fetchone()[0])
            if 0 < done < len(steps):
                copy_before(connection, path, done)
            for number in range(done, len(steps)):
                connection.executescript(
                    f"BEGIN IMMEDIATE; {steps[number]} PRAGMA user_version = {number + 1}; COMMIT;"
                )
