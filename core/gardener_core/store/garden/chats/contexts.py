"""What was searched in a project when a screen left it."""

import json
from dataclasses import asdict, dataclass
from typing import Literal

from gardener_core.store.database import Database
from gardener_core.system.records import rebuild

ContextPage = Literal["", "files", "map"]


@dataclass(frozen=True, slots=True)
class ContextView:
    """What stood in the search line, where it searched, and the page that lay over the hits.

    `filter` is what narrowed the list of files.
    """

    query: str = ""
    scope: Literal["code", "tests", "all"] = "all"
    page: ContextPage = ""
    filter: str = ""


class ContextTable:
    """The table `context_views`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, project: str) -> ContextView:
        """What was shown of a project; nothing where nobody knows."""
        with self._database.reading() as connection:
            row = connection.execute(
                "SELECT view FROM context_views WHERE project = ?", (project,)
            ).fetchone()
        try:
            view: ContextView = rebuild(ContextView, json.loads(row["view"]) if row else {})
        except (ValueError, TypeError, AttributeError):
            return ContextView()
        return view

    def keep(self, project: str, view: ContextView) -> None:
        """Keep what is shown of a project that is there."""
        with self._database.writing() as connection:
            connection.execute(
                "INSERT INTO context_views (project, view) "
                "SELECT id, ? FROM projects WHERE id = ? "
                "ON CONFLICT (project) DO UPDATE SET view = excluded.view",
                (json.dumps(asdict(view)), project),
            )
