"""The adapters of a project."""

import time
from dataclasses import dataclass

from gardener_core.errors import AdapterMissing, Remedy
from gardener_core.store.database import Database


@dataclass(frozen=True, slots=True)
class Adapter:
    """One trained version; its files are in the project's adapters folder."""

    project: str
    version: str
    base: str
    run: str
    created: float
    bytes: int


class AdapterTable:
    """The table `adapters`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def register(self, project: str, version: str, base: str, run: str, size: int) -> Adapter:
        """Add a version whose folder is in place; adding it again changes nothing."""
        with self._database.writing() as connection:
            connection.execute(
                "INSERT OR IGNORE INTO adapters VALUES (?, ?, ?, ?, ?, ?)",
                (project, version, base, run, time.time(), size),
            )
        return self.get(project, version)

    def forget(self, project: str, version: str) -> None:
        """Delete the row of a version whose files are gone."""
        with self._database.writing() as connection:
            connection.execute(
                "DELETE FROM adapters WHERE project = ? AND version = ?", (project, version)
            )

    def of_project(self, project: str) -> list[Adapter]:
        """Every version of a project, newest first."""
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT * FROM adapters WHERE project = ? ORDER BY rowid DESC", (project,)
            ).fetchall()
        return [self._database.parse_row(Adapter, dict(row)) for row in rows]

    def of_base(self, base: str) -> list[Adapter]:
        """Every version on a base, of all projects, newest first."""
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT * FROM adapters WHERE base = ? ORDER BY created DESC, rowid DESC", (base,)
            ).fetchall()
        return [self._database.parse_row(Adapter, dict(row)) for row in rows]

    def get(self, project: str, version: str) -> Adapter:
        """One version."""
        with self._database.reading() as connection:
            row = connection.execute(
                "SELECT * FROM adapters WHERE project = ? AND version = ?", (project, version)
            ).fetchone()
        if row is None:
            raise AdapterMissing(
                f"There is no adapter {version!r} in this project.",
                remedy=Remedy("list adapters"),
            )
        return self._database.parse_row(Adapter, dict(row))
