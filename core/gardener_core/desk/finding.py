"""Find code by the table, and without one in the files themselves."""

import sqlite3
import threading

from gardener_core.errors import Damaged, IndexBroken, IndexMissing
from gardener_core.events import Retrieved, TableChecked
from gardener_core.hardware import usable_cores
from gardener_core.keeping.catalog import Catalog
from gardener_core.keeping.database import Database
from gardener_core.keeping.projects import Project, ProjectTable
from gardener_core.places import Places
from gardener_core.reading.pool import ReadingPool
from gardener_core.recall.embedding import Embedder
from gardener_core.recall.query import Scope
from gardener_core.recall.scanning import scan
from gardener_core.recall.searching import search
from gardener_core.recall.table import ChunkTable

INSTEAD = "These hits were found by their words in the files themselves."


class Finder:
    """Opens tables once, and answers whatever state they are in; the questions come by threads."""

    def __init__(self, places: Places, embedder: Embedder) -> None:
        self._places = places
        self._embedder = embedder
        self._tables: dict[str, ChunkTable] = {}
        self._scanning = threading.Lock()
        self._pool: ReadingPool | None = None
        self._pool_of = ""

    def find(self, project: str, query: str, results: int, scope: Scope = "all") -> Retrieved:
        """The best chunks; words alone are looked for where the table cannot tell."""
        for _ in range(2):  # a table that was made anew since it was opened is opened again
            try:
                table = self._table(project)
                if table.count():
                    weight = self._weight(project)
                    return search(table, self._embedder, query, results, scope, weight)
                why = "This project's index is empty."
                break
            except IndexMissing as missing:
                why = missing.what
                break
            except IndexBroken as broken:
                self._tables.pop(project, None)
                why = broken.what
        return self._scan(project, query, results, scope, why)

    def check(self, project: str) -> TableChecked:
        """Read the whole table."""
        self._tables.pop(project, None)
        try:
            table = self._table(project)
            problem = table.problem()
            return TableChecked(project, 0 if problem else table.count(), problem)
        except (IndexBroken, IndexMissing) as found:
            return TableChecked(project, 0, found.what)

    def close(self) -> None:
        """Let the readers go."""
        if self._pool:
            self._pool.close()

    def _table(self, project: str) -> ChunkTable:
        folder = self._places.index(project)
        if project not in self._tables or not folder.is_dir():
            self._tables[project] = ChunkTable.open(folder)
        table = self._tables[project]
        table.refresh_view()
        return table

    def _weight(self, project: str) -> float | None:
        """What the embedder was measured to count in this project.

        A catalog that cannot be read keeps no search from being answered.
        """
        try:
            measured = Catalog(self._places.catalog(project)).weights.get(self._embedder.name)
        except (Damaged, sqlite3.Error):
            return None
        return measured.weight if measured else None

    def _scan(self, project: str, query: str, results: int, scope: Scope, why: str) -> Retrieved:
        found = ProjectTable(Database(self._places.database)).get(project)
        with self._scanning:  # its readers answer one question at a time
            if self._pool is None or self._pool_of != project:
                self.close()
                self._pool, self._pool_of = ReadingPool(found.path, usable_cores()), project
            return scan(found.path, self._pool, query, results, scope, _note(found, why))


def _note(project: Project, why: str) -> str:
    """What happened, how the answer came about, and what to type."""
    if project.state == "indexing":
        return f"This project is being indexed. {INSTEAD} Try again in a moment."
    what = "repair" if project.chunks else "index"
    return f"{why} {INSTEAD} Run: gardener {what} {project.name}"
