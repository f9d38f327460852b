"""Settings of single projects."""

from gardener_core.store.database import Database
from gardener_core.store.garden.project_record import keep_record


class ProjectSettings:
    """The table `project_settings`; values are stored as typed."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of_project(self, project: str) -> dict[str, str]:
        """The project's own value of each key that has one."""
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT key, value FROM project_settings WHERE project = ? ORDER BY key", (project,)
            ).fetchall()
        return {row["key"]: row["value"] for row in rows}

    def values_of(self, key: str) -> set[str]:
        """Every value that projects have for a key."""
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT DISTINCT value FROM project_settings WHERE key = ?", (key,)
            ).fetchall()
        return {row["value"] for row in rows}

    def put(self, project: str, key: str, value: str) -> None:
        """Set a project's own value."""
        with self._database.writing() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO project_settings VALUES (?, ?, ?)", (project, key, value)
            )
            keep_record(connection, self._database.path, project)

    def drop(self, project: str, key: str) -> None:
        """Return a key to the settings file's value."""
        with self._database.writing() as connection:
            connection.execute(
                "DELETE FROM project_settings WHERE project = ? AND key = ?", (project, key)
            )
            keep_record(connection, self._database.path, project)
