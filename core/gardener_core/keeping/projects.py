"""The projects of a garden."""

import json
import secrets
import sqlite3
import time
from dataclasses import dataclass
from pathlib import Path

from gardener_core.errors import BadInput, ProjectMissing
from gardener_core.keeping.database import Database


@dataclass(frozen=True, slots=True)
class Project:
    """A folder of code that the garden knows; `adapter` is the active version or empty."""

    id: str
    name: str
    path: Path
    languages: tuple[str, ...]
    files: int
    chunks: int
    state: str
    base: str
    adapter: str
    created: float


class ProjectTable:
    """The table `projects`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def insert(self, name: str, path: Path) -> Project:
        """Register a folder."""
        project_id = secrets.token_hex(6)
        try:
            with self._database.writing() as connection:
                connection.execute(
                    "INSERT INTO projects (id, name, path, created) VALUES (?, ?, ?, ?)",
                    (project_id, name, str(path), time.time()),
                )
        except sqlite3.IntegrityError:
            raise self._taken(name, path) from None
        return self.get(project_id)

    def all(self) -> list[Project]:
        """Every project, by name."""
        with self._database.reading() as connection:
            rows = connection.execute("SELECT * FROM projects ORDER BY name").fetchall()
        return [_project(row) for row in rows]

    def get(self, project_id: str) -> Project:
        """The project with this id."""
        return self._one("id = ?", project_id)

    def find(self, name: str) -> Project:
        """The project with this name or id."""
        return self._one("? IN (name, id)", name)

    def set_survey(self, project_id: str, files: int, languages: tuple[str, ...]) -> None:
        """Keep what a survey counted."""
        self._update(project_id, files=files, languages=json.dumps(languages))

    def set_state(self, project_id: str, state: str) -> None:
        """Keep what can be done with the project now."""
        self._update(project_id, state=state)

    def set_indexed(self, project_id: str, files: int, chunks: int) -> None:
        """Keep what the index holds."""
        self._update(project_id, files=files, chunks=chunks, state="ready")

    def set_adapter(self, project_id: str, version: str, base: str) -> None:
        """Keep which adapter answers."""
        self._update(project_id, adapter=version, base=base)

    def next_version(self, project_id: str) -> str:
        """Take the next adapter version; like a build number, none is given twice."""
        with self._database.writing() as connection:
            row = connection.execute(
                "UPDATE projects SET versions = versions + 1 WHERE id = ? RETURNING versions",
                (project_id,),
            ).fetchone()
        if row is None:
            raise _missing(project_id)
        return f"v{row[0]}"

    def delete(self, project_id: str) -> None:
        """Forget a project and its adapters."""
        with self._database.writing() as connection:
            connection.execute("DELETE FROM projects WHERE id = ?", (project_id,))

    def _one(self, condition: str, value: str) -> Project:
        with self._database.reading() as connection:
            row = connection.execute(
                f"SELECT * FROM projects WHERE {condition}", (value,)
            ).fetchone()
        if row is None:
            raise _missing(value)
        return _project(row)

    def _update(self, project_id: str, **values: str | int) -> None:
        names = ", ".join(f"{name} = ?" for name in values)
        with self._database.writing() as connection:
            connection.execute(
                f"UPDATE projects SET {names} WHERE id = ?", (*values.values(), project_id)
            )

    def _taken(self, name: str, path: Path) -> BadInput:
        for project in self.all():
            if project.path == path:
                return BadInput(
                    f"{path} is already the project {project.name!r}.",
                    hint=f"Run: gardener index {project.name}",
                )
        return BadInput(f"The name {name!r} is taken.", hint="Choose another one with --name.")


def _missing(name: str) -> ProjectMissing:
    return ProjectMissing(f"There is no project named {name!r}.", hint="Run: gardener projects")


def _project(row: sqlite3.Row) -> Project:
    return Project(
        id=row["id"],
        name=row["name"],
        path=Path(row["path"]),
        languages=tuple(json.loads(row["languages"])),
        files=row["files"],
        chunks=row["chunks"],
        state=row["state"],
        base=row["base"],
        adapter=row["adapter"],
        created=row["created"],
    )
