"""The record of a project in its own folder."""

import dataclasses
import json
import sqlite3
from dataclasses import dataclass
from pathlib import Path

from gardener_core.errors import Damaged
from gardener_core.system.files.atomic import write_whole
from gardener_core.system.files.faults import translated_os_errors
from gardener_core.system.files.regular import read_object, read_regular
from gardener_core.system.places import Places
from gardener_core.system.records import rebuild

FORMAT = 1
LARGEST_BYTES = 1_000_000


@dataclass(frozen=True, slots=True)
class ProjectRecord:
    """What the code itself does not tell; `until` is set while in the trash."""

    id: str
    name: str
    path: str
    created: float
    languages: tuple[str, ...] = ()
    base: str = ""
    adapter: str = ""
    versions: int = 0
    until: float | None = None
    settings: tuple[tuple[str, str], ...] = ()


def keep_record(connection: sqlite3.Connection, database: Path, project: str) -> None:
    """Write a project's record inside the transaction that changes its row.

    Killed in between, the record is ahead of the row; the next start rewrites it from the row.
    """
    places = Places.around(database)
    for record in _records(connection, project):
        for folder in (places.project(project), places.trashed(project)):
            if folder.is_dir():
                _write(places.record_in(folder), record)


def keep_records(connection: sqlite3.Connection, database: Path) -> None:
    """Write the records that are missing or differ from their rows."""
    places = Places.around(database)
    for record in _records(connection):
        for folder in (places.project(record.id), places.trashed(record.id)):
            if folder.is_dir() and not _is_current(places.record_in(folder), record):
                _write(places.record_in(folder), record)


def read_record(path: Path) -> ProjectRecord:
    """The record of a project."""
    try:
        fields = read_object(path, LARGEST_BYTES)
        if fields.get("record_format") != FORMAT:
            raise ValueError("It has another version.")
        record: ProjectRecord = rebuild(ProjectRecord, fields)
        return record
    except (OSError, ValueError, TypeError) as problem:
        raise Damaged(f"{path} cannot be read: {problem}") from None


def _records(connection: sqlite3.Connection, project: str | None = None) -> list[ProjectRecord]:
    rows = connection.execute(
        "SELECT id, name, path, created, languages, base, adapter, versions, until FROM projects "
        "WHERE ?1 IS NULL OR id = ?1",
        (project,),
    ).fetchall()
    own_settings = connection.execute("SELECT project, key, value FROM project_settings").fetchall()
    records = []
    for row in rows:
        settings = sorted((key, value) for owner, key, value in own_settings if owner == row["id"])
        fields = {**dict(row), "languages": _languages(row["languages"])}
        records.append(ProjectRecord(**fields, settings=tuple(settings)))
    return records


def _languages(text: str) -> tuple[str, ...]:
    try:
        return tuple(str(name) for name in json.loads(text))
    except (ValueError, TypeError, RecursionError):
        return ()  # whoever reads the row gets the error


def _is_current(path: Path, record: ProjectRecord) -> bool:
    try:
        return read_regular(path, LARGEST_BYTES) == _encoded(record)
    except OSError:
        return False


def _write(path: Path, record: ProjectRecord) -> None:
    with translated_os_errors(path):
        write_whole(path, _encoded(record), durable=True)


def _encoded(record: ProjectRecord) -> bytes:
    return json.dumps({"record_format": FORMAT, **dataclasses.asdict(record)}, indent=1).encode()
