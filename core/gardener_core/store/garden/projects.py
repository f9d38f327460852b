"""The projects of a garden."""

import contextlib
import json
import secrets
import sqlite3
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from gardener_core.errors import BadInput, GardenError, ProjectMissing, Remedy
from gardener_core.store.database import Database
from gardener_core.store.faults import damaged
from gardener_core.store.garden.audit import record_action
from gardener_core.store.garden.project_record import ProjectRecord, keep_record, keep_records
from gardener_core.store.garden.runs import RunKind
from gardener_core.store.garden.versions.uses import record_use

TRASH_SECONDS = 7 * 24 * 3600.0
ProjectState = Literal["new", "surveying", "indexing", "ready", "stale", "broken"]
# The kind of run that works on a project in this state.
_BUSY_WITH: dict[ProjectState, RunKind] = {"surveying": "survey", "indexing": "index"}
# Columns that can be computed from the code again, so that a record need not hold them.
_DERIVED_COLUMNS = frozenset({"files", "chunks", "state"})


@dataclass(frozen=True, slots=True)
class Project:
    """A registered folder of code; `adapter` is the active version or empty."""

    id: str
    name: str
    path: Path
    languages: tuple[str, ...]
    files: int
    chunks: int
    state: ProjectState
    base: str
    adapter: str
    created: float

    @property
    def busy_with(self) -> RunKind | None:
        """The kind of run that works on it, according to its state."""
        return _BUSY_WITH.get(self.state)

    @property
    def is_broken(self) -> bool:
        """Whether its code could not be read."""
        return self.state == "broken"

    @property
    def resting_state(self) -> ProjectState:
        """The state without a run: stale if anything is indexed, else new."""
        return "stale" if self.chunks else "new"


@dataclass(frozen=True, slots=True)
class Removed:
    """A project in the trash until the wall time `until`."""

    id: str
    name: str
    until: float


class ProjectTable:
    """The table `projects`; those in the trash keep their rows."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def insert(self, name: str, path: Path, project_id: str = "") -> Project:
        """Register a folder."""
        project_id = project_id or new_id()
        try:
            with self._database.writing() as connection:
                connection.execute(
                    "INSERT INTO projects (id, name, path, created) VALUES (?, ?, ?, ?)",
                    (project_id, name, str(path), time.time()),
                )
                record_action(connection, "project added", project_id, name)
        except sqlite3.IntegrityError:
            raise self._taken(name, path) from None
        # A record without a row means a lost project, so the row is written first.
        with contextlib.suppress(GardenError):
            self.keep_records()
        return self.get(project_id)

    def rename(self, project_id: str, name: str) -> Project:
        """Rename a project; its id and its folder stay."""
        project = self.get(project_id)
        try:
            with self._database.writing() as connection:
                connection.execute("UPDATE projects SET name = ? WHERE id = ?", (name, project_id))
                record_action(
                    connection, "project renamed", project_id, f"{project.name} to {name}"
                )
                keep_record(connection, self._database.path, project_id)
        except sqlite3.IntegrityError:
            raise self._taken(name, None) from None
        return self.get(project_id)

    def remove(self, project_id: str) -> Removed:
        """Mark a project as removed; its folder is moved afterwards."""
        with self._database.writing() as connection:
            row = connection.execute(
                "UPDATE projects SET until = ? WHERE id = ? AND until IS NULL "
                "RETURNING id, name, until",
                (time.time() + TRASH_SECONDS, project_id),
            ).fetchone()
            if row is None:
                raise _missing(project_id)
            record_action(connection, "project removed", project_id, row["name"])
            keep_record(connection, self._database.path, project_id)
        return self._database.parse_row(Removed, dict(row))

    def restore(self, project_id: str) -> Project:
        """Mark a removed project as active again."""
        removed, path = self._removed(project_id)
        try:
            with self._database.writing() as connection:
                connection.execute("UPDATE projects SET until = NULL WHERE id = ?", (project_id,))
                record_action(connection, "project restored", project_id, removed.name)
                keep_record(connection, self._database.path, project_id)
        except sqlite3.IntegrityError:
            raise self._taken(removed.name, path) from None
        return self.get(project_id)

    def forget(self, project_id: str) -> None:
        """Delete a project with its adapters, conversations and runs."""
        with self._database.writing() as connection:
            connection.execute("DELETE FROM runs WHERE project = ?", (project_id,))
            connection.execute("DELETE FROM projects WHERE id = ?", (project_id,))
            record_action(connection, "project gone for good", project_id)

    def trashed(self) -> list[Removed]:
        """Projects that can be restored, the latest removed first."""
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT id, name, until FROM projects WHERE until IS NOT NULL ORDER BY until DESC"
            ).fetchall()
        return [self._database.parse_row(Removed, dict(row)) for row in rows]

    def find_trashed(self, name: str) -> Removed:
        """The last removed project with this name or id."""
        for removed in self.trashed():
            if name in (removed.name, removed.id):
                return removed
        raise ProjectMissing(
            f"No project named {name!r} is in the trash.", remedy=Remedy("list trash")
        )

    def all(self) -> list[Project]:
        """Every project, by name."""
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT * FROM projects WHERE until IS NULL ORDER BY name"
            ).fetchall()
        return [self._project(row) for row in rows]

    def get(self, project_id: str) -> Project:
        """The project with this id."""
        return self._one("id = ?", project_id)

    def find(self, name: str) -> Project:
        """The project with this name or id."""
        return self._one("? IN (name, id)", name)

    def set_survey(self, project_id: str, files: int, languages: tuple[str, ...]) -> None:
        """Store what a survey counted."""
        self._update(project_id, files=files, languages=json.dumps(languages))

    def set_state(self, project_id: str, state: ProjectState) -> None:
        """Store the project's state."""
        self._update(project_id, state=state)

    def set_indexed(self, project_id: str, files: int, chunks: int) -> None:
        """Store the size of the index; the project is ready."""
        self._update(project_id, files=files, chunks=chunks, state="ready")

    def set_adapter(self, project_id: str, version: str, base: str) -> None:
        """Store the active adapter."""
        with self._database.writing() as connection:
            record_use(connection, project_id, version)
            connection.execute(
                "UPDATE projects SET adapter = ?, base = ? WHERE id = ?",
                (version, base, project_id),
            )
            keep_record(connection, self._database.path, project_id)

    def use_adapter(self, project_id: str, version: str, base: str, reason: str = "") -> None:
        """Store the adapter that a person chose, and record it in the audit log.

        One that has not passed the gate is used for a reason, which is stored with it.
        """
        with self._database.writing() as connection:
            record_use(connection, project_id, version)
            connection.execute(
                "UPDATE adapters SET reason = ? WHERE project = ? AND version = ?",
                (reason, project_id, version),
            )
            connection.execute(
                "UPDATE projects SET adapter = ?, base = ? WHERE id = ?",
                (version, base, project_id),
            )
            action = "gate overridden" if reason else "adapter used"
            record_action(
                connection, action, project_id, f"{version}: {reason}" if reason else version
            )
            keep_record(connection, self._database.path, project_id)

    def next_version(self, project_id: str) -> str:
        """Take the next adapter version; like a build number, none is used twice."""
        with self._database.writing() as connection:
            row = connection.execute(
                "UPDATE projects SET versions = versions + 1 WHERE id = ? RETURNING versions",
                (project_id,),
            ).fetchone()
            if row is None:
                raise _missing(project_id)
            keep_record(connection, self._database.path, project_id)
        return f"v{row[0]}"

    def keep_records(self) -> None:
        """Write each project's record into its folder."""
        with self._database.reading() as connection:
            keep_records(connection, self._database.path)

    def reenter(self, record: ProjectRecord, name: str) -> None:
        """Recreate a lost row from the record in its project's folder."""
        fields = (
            record.id, name, record.path, record.created, json.dumps(record.languages), "stale",
            record.base, record.adapter, record.versions, record.until,
        )  # fmt: skip
        with self._database.writing() as connection:
            connection.execute(
                "INSERT INTO projects (id, name, path, created, languages, state, base, adapter, "
                "versions, until) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                fields,
            )
            connection.executemany(
                "INSERT INTO project_settings VALUES (?, ?, ?)",
                [(record.id, key, value) for key, value in record.settings],
            )
            record_action(connection, "project entered again", record.id, name)
            keep_record(connection, self._database.path, record.id)

    def _one(self, condition: str, value: str) -> Project:
        with self._database.reading() as connection:
            row = connection.execute(
                f"SELECT * FROM projects WHERE {condition} AND until IS NULL", (value,)
            ).fetchone()
        if row is None:
            raise self._unknown(value)
        return self._project(row)

    def _update(self, project_id: str, **values: str | int) -> None:
        names = ", ".join(f"{name} = ?" for name in values)
        with self._database.writing() as connection:
            connection.execute(
                f"UPDATE projects SET {names} WHERE id = ?", (*values.values(), project_id)
            )
            if not _DERIVED_COLUMNS.issuperset(values):
                keep_record(connection, self._database.path, project_id)

    def _removed(self, project_id: str) -> tuple[Removed, Path]:
        with self._database.reading() as connection:
            row = connection.execute(
                "SELECT id, name, until, path FROM projects WHERE id = ? AND until IS NOT NULL",
                (project_id,),
            ).fetchone()
        if row is None:
            raise _missing(project_id)
        values = {key: row[key] for key in ("id", "name", "until")}
        return self._database.parse_row(Removed, values), Path(row["path"])

    def _project(self, row: sqlite3.Row) -> Project:
        fields = dict(row)
        try:
            parsed: dict[str, Any] = {
                "path": Path(fields["path"]),
                "languages": json.loads(fields["languages"]),
            }
        except (TypeError, ValueError, RecursionError):
            reason = f"the row of project {fields['id']!r} cannot be read"
            raise damaged(self._database.path, reason) from None
        if fields["state"] not in get_args(ProjectState):
            parsed["state"] = "stale"  # a word of a newer version: an index run decides
        return self._database.parse_row(Project, {**fields, **parsed})

    def _unknown(self, name: str) -> ProjectMissing:
        if any(name in (removed.name, removed.id) for removed in self.trashed()):
            return ProjectMissing(
                f"The project {name!r} is in the trash.", remedy=Remedy("restore", name)
            )
        return _missing(name)

    def _taken(self, name: str, path: Path | None) -> BadInput:
        for project in self.all():
            if project.path == path:
                return BadInput(
                    f"{path} is already the project {project.name!r}.",
                    remedy=Remedy("index", project.name),
                )
        return BadInput(f"The name {name!r} is taken.", hint="Choose another one.")


def new_id() -> str:
    """A new random id."""
    return secrets.token_hex(6)


def _missing(name: str) -> ProjectMissing:
    return ProjectMissing(f"There is no project named {name!r}.", remedy=Remedy("list projects"))
