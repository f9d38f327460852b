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

    `reason` is why a person lets it answer though it has not passed the gate. `name` and `note` are
    what a person says of it; the version stays what it is known by.
    """

    project: str
    version: str
    base: str
    run: str
    created: float
    bytes: int
    state: GateState = "trained"
    reason: str = ""
    name: str = ""
    note: str = ""

    @property
    def title(self) -> str:
        """The version, with the name that a person gave it."""
        return f"{self.version} {self.name}".rstrip()

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

    def correct(self, adapter: Adapter, **values: str | int) -> None:
        """Put right what a row says otherwise than the folder: base, bytes or state."""
        names = ", ".join(f"{name} = ?" for name in values)
        with self._database.writing() as connection:
            connection.execute(
                f"UPDATE adapters SET {names} WHERE project = ? AND version = ?",
                (*values.values(), adapter.project, adapter.version),
            )

    def forget(self, project: str, version: str) -> None:
        """Delete the row of a version whose files are gone."""
        with self._database.writing() as connection:
            connection.execute(
                "DELETE FROM adapters WHERE project = ? AND version = ?", (project, version)
            )

    def of_project(self, project: str) -> list[Adapter]:
        """Every version of a project, newest first; none of the trash."""
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT * FROM adapters WHERE project = ? AND until IS NULL ORDER BY rowid DESC",
                (project,),
            ).fetchall()
        return [self._adapter(row) for row in rows]

    def runs_of(self, project: str) -> dict[str, str]:
        """The version that each run made, of those in the trash too."""
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT run, version FROM adapters WHERE project = ? AND run <> ''", (project,)
            ).fetchall()
        return {str(row["run"]): str(row["version"]) for row in rows}

    def of_base(self, base: str) -> list[Adapter]:
        """Every version on a base, of all projects, newest first; none of the trash."""
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT * FROM adapters WHERE base = ? AND until IS NULL "
                "ORDER BY created DESC, rowid DESC",
                (base,),
            ).fetchall()
        return [self._adapter(row) for row in rows]

    def get(self, project: str, version: str) -> Adapter:
        """One version that is not in the trash."""
        with self._database.reading() as connection:
            row = connection.execute(
                "SELECT * FROM adapters WHERE project = ? AND version = ? AND until IS NULL",
                (project, version),
            ).fetchone()
        if row is None:
            raise missing_adapter(version)
        return self._adapter(row)

    def find(self, project: str, word: str) -> Adapter:
        """One version, by itself or by the name that a person gave it."""
        listed = self.of_project(project)
        for adapter in listed:
            if adapter.version == word:
                return adapter
        for adapter in listed:
            if adapter.name and adapter.name == word:
                return adapter
        raise missing_adapter(word)

    def _adapter(self, row: sqlite3.Row) -> Adapter:
        fields = dict(row)
        return self._database.parse_row(Adapter, fields | {"state": state_named(fields["state"])})


def missing_adapter(version: str) -> AdapterMissing:
    """The error of a version that a project does not have."""
    return AdapterMissing(
        f"There is no adapter {version!r} in this project.", remedy=Remedy("list adapters")
    )
