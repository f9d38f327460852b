"""Which version answered before."""

import sqlite3
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from gardener_core.store.database import Database
from gardener_core.store.garden.audit import record_action
from gardener_core.store.garden.project_record import keep_record


@dataclass(frozen=True, slots=True)
class AdapterUse:
    """A change of the version that answers; an empty version is the base alone."""

    number: int
    before: str
    version: str
    wall: float


def record_use(connection: sqlite3.Connection, project: str, version: str) -> None:
    """Keep a change of the version that answers, before the row of the project is changed."""
    connection.execute(
        "INSERT INTO adapter_uses (project, before, version, wall) "
        "SELECT id, adapter, ?, ? FROM projects WHERE id = ? AND adapter <> ?",
        (version, time.time(), project, version),
    )


def use_to_undo(
    uses: Sequence[AdapterUse], active: str, is_usable: Callable[[str], bool]
) -> AdapterUse | None:
    """The use that a roll back takes back, newest first; None where nothing usable was before.

    Versions that are gone or put away meanwhile are passed over.
    """
    at = active
    for use in uses:
        if use.version != at:
            continue
        if use.before != active and (not use.before or is_usable(use.before)):
            return use
        at = use.before
    return None


class AdapterUses:
    """The table `adapter_uses`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of_project(self, project: str) -> list[AdapterUse]:
        """Every change of the version that answers, newest first."""
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT number, before, version, wall FROM adapter_uses WHERE project = ? "
                "ORDER BY number DESC",
                (project,),
            ).fetchall()
        return [self._database.parse_row(AdapterUse, dict(row)) for row in rows]

    def take_back(self, project: str, use: AdapterUse, base: str, reason: str) -> None:
        """Let the version answer that did before, and forget the use and all after it."""
        with self._database.writing() as connection:
            connection.execute(
                "UPDATE projects SET adapter = ?, base = ? WHERE id = ?",
                (use.before, base, project),
            )
            connection.execute(
                "UPDATE adapters SET reason = ? WHERE project = ? AND version = ?",
                (reason, project, use.before),
            )
            connection.execute(
                "DELETE FROM adapter_uses WHERE project = ? AND number >= ?", (project, use.number)
            )
            detail = f"{use.version} to {use.before or 'the base alone'}"
            record_action(connection, "adapter rolled back", project, detail)
            keep_record(connection, self._database.path, project)
