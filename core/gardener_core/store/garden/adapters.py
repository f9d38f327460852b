"""The adapters of a project."""

import sqlite3
import time
from dataclasses import dataclass

from gardener_core.errors import AdapterMissing, Remedy
from gardener_core.store.database import Database
from gardener_core.store.garden.gate_states import (
    GateState,
    caveat_of,
    require_move,
    state_named,
)


@dataclass(frozen=True, slots=True)
class Adapter:
    """One trained version; its files are in the project's adapters folder.

    `reason` is why a person lets it answer though it has not passed the gate.
    """

    project: str
    version: str
    base: str
    run: str
    created: float
    bytes: int
    state: GateState = "trained"
    reason: str = ""

    @property
    def caveat(self) -> str:
        """What has to be said of its answers; empty if it passed the gate."""
        return caveat_of(self.state, self.reason)


class AdapterTable:
    """The table `adapters`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def register(
        self,
        project: str,
        version: str,
        base: str,
        run: str,
        size: int,
        state: GateState = "trained",
    ) -> Adapter:
        """Add a version whose folder is in place; adding it again changes nothing."""
        with self._database.writing() as connection:
            connection.execute(
                "INSERT OR IGNORE INTO adapters "
                "(project, version, base, run, created, bytes, state) VALUES (?, ?, ?, ?, ?, ?, ?)",
                (project, version, base, run, time.time(), size, state),
            )
        return self.get(project, version)

    def move(self, project: str, version: str, state: GateState) -> Adapter:
        """Put a version into another state, where that is a legal move."""
        require_move(self.get(project, version).state, state)
        with self._database.writing() as connection:
            connection.execute(
                "UPDATE adapters SET state = ?, reason = '' WHERE project = ? AND version = ?",
                (state, project, version),
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
        return [self._adapter(row) for row in rows]

    def of_base(self, base: str) -> list[Adapter]:
        """Every version on a base, of all projects, newest first."""
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT * FROM adapters WHERE base = ? ORDER BY created DESC, rowid DESC", (base,)
            ).fetchall()
        return [self._adapter(row) for row in rows]

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
        return self._adapter(row)

    def _adapter(self, row: sqlite3.Row) -> Adapter:
        fields = dict(row)
        return self._database.parse_row(Adapter, fields | {"state": state_named(fields["state"])})
