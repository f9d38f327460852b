"""The configuration points of a project."""

import sqlite3
from collections.abc import Iterable

from gardener_core.store.database import Database
from gardener_core.store.project.facts import ConfigurationPoint


class ConfigurationTable:
    """The configuration points in a project's catalog.db (table `knobs`)."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def holding(self, text: str = "") -> list[ConfigurationPoint]:
        """Points whose name contains a text, ignoring case; all without a text."""
        like = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        query = (
            "SELECT path, name, kind, line, value FROM knobs JOIN sources ON sources.id = "
            "knobs.file WHERE name LIKE ? ESCAPE '\\' ORDER BY name, path, line"
        )
        with self._database.reading() as connection:
            rows = connection.execute(query, (f"%{like}%",)).fetchall()
        return [ConfigurationPoint(*row) for row in rows]

    def of_file(self, path: str) -> list[ConfigurationPoint]:
        """The points of a file, from top to bottom."""
        query = (
            "SELECT path, name, kind, line, value FROM knobs JOIN sources ON sources.id = "
            "knobs.file WHERE path = ? ORDER BY line"
        )
        with self._database.reading() as connection:
            rows = connection.execute(query, (path,)).fetchall()
        return [ConfigurationPoint(*row) for row in rows]


def put_configuration(
    connection: sqlite3.Connection, file: int, points: Iterable[ConfigurationPoint]
) -> None:
    """Replace the configuration points of a file."""
    connection.execute("DELETE FROM knobs WHERE file = ?", (file,))
    connection.executemany(
        "INSERT INTO knobs VALUES (?, ?, ?, ?, ?)",
        [(file, each.name, each.kind, each.line, each.default) for each in points],
    )
