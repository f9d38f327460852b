"""Search the table, or the files themselves where there is none."""

import threading
from dataclasses import replace

from gardener_core.code.workers import ReadingPool
from gardener_core.engine.embedders import OpenEmbedders
from gardener_core.errors import EngineLost, GardenError, IndexBroken, IndexMissing, Remedy
from gardener_core.events.index import Retrieved, TableChecked
from gardener_core.search.indexing.check import problem_of
from gardener_core.search.indexing.embedding import UNAVAILABLE, awaiting_vectors
from gardener_core.search.live_table import live_table_name
from gardener_core.search.query import Scope
from gardener_core.search.scan.scan import scan
from gardener_core.search.search import search
from gardener_core.search.table import ChunkTable
from gardener_core.store.database import Database
from gardener_core.store.garden.projects import Project, ProjectTable
from gardener_core.store.project.catalog import Catalog
from gardener_core.system.hardware import resident_bytes, usable_cores
from gardener_core.system.places import Places

BY_WORDS = "These hits were found by words alone."
MOST_TABLES = 4  # that stay open: memory does not grow with the projects that were visited
INSTEAD = "These hits were found by their words in the files themselves."


class SearchLane:
    """Keeps tables open and answers whatever state they are in; called from several threads."""

    def __init__(self, places: Places, embedders: OpenEmbedders) -> None:
        self._places = places
        self._embedders = embedders
        self._tables: dict[str, ChunkTable] = {}
        self._before = resident_bytes()  # nothing of an index is in memory yet
        self._scanning = threading.Lock()
        self._pool: ReadingPool | None = None
        self._pool_of = ""

    def find(
        self,
        project: str,
        query: str,
        results: int,
        scope: Scope = "all",
        code_may_leave: bool = False,
    ) -> Retrieved:
        """The best chunks; found by words alone in the files where the table cannot be used."""
        for _ in range(2):  # a table that was replaced since is opened again
            try:
                table = self._table(project)
                if table.count():
                    weight = self._weight(project, table)
                    return self._search(table, query, results, scope, code_may_leave, weight)
                why = "This project's index is empty."
                break
            except IndexMissing as missing:
                why = missing.what
                break
            except IndexBroken as broken:
                self._tables.pop(project, None)
                why = broken.what
        return self._scan(project, query, results, scope, why)

    def _search(
        self,
        table: ChunkTable,
        query: str,
        results: int,
        scope: Scope,
        code_may_leave: bool,
        weight: float | None,
    ) -> Retrieved:
        """By words and meaning; by words alone where the embedder cannot be used."""
        try:
            embedder = self._embedders.of(table, code_may_leave)
            retrieved = search(table, embedder, query, results, scope, weight)
            waiting = table.unembedded() if table.choice.kind != "static" else 0
            return replace(retrieved, note=awaiting_vectors(waiting)) if waiting else retrieved
        except UNAVAILABLE as missing:
            if isinstance(missing, EngineLost):
                self._embedders.lost(table, code_may_leave)
            note = f"{missing.what} {BY_WORDS} {missing.hint}".rstrip()
            retrieved = search(table, None, query, results, scope)
            return replace(retrieved, note=note, remedy=missing.remedy)

    @property
    def memory_bytes(self) -> int:
        """What this process took since for indexes and what is read of projects, as measured."""
        return max(0, resident_bytes() - self._before) if self._tables else 0

    def table_of(self, project: str) -> ChunkTable | None:
        """The table of a project; None where it cannot be used."""
        try:
            return self._table(project)
        except (IndexMissing, IndexBroken):
            return None

    def check(self, project: str) -> TableChecked:
        """Read the whole table."""
        self._tables.pop(project, None)
        try:
            table = self._table(project)
            problem = problem_of(table)
            return TableChecked(project, 0 if problem else table.count(), problem)
        except (IndexBroken, IndexMissing) as problem:
            return TableChecked(project, 0, problem.what)

    def close(self) -> None:
        """End the reading processes."""
        if self._pool:
            self._pool.close()

    def _table(self, project: str) -> ChunkTable:
        folder = self._places.index(project)
        table = self._tables.pop(project, None)
        if table is None or not folder.is_dir() or table.name != live_table_name(folder):
            table = ChunkTable.open(folder)
        self._tables[project] = table  # the one used last is last
        table.refresh()
        for other in list(self._tables)[:-MOST_TABLES]:
            self._tables.pop(other, None)
        return table

    def _weight(self, project: str, table: ChunkTable) -> float | None:
        """The weight of the embedder that was measured in this project.

        Search works without a readable catalog.
        """
        try:
            measured = Catalog(self._places.catalog(project)).weights.get(table.embedder_name)
        except GardenError:
            return None
        return measured.weight if measured else None

    def _scan(self, project: str, query: str, results: int, scope: Scope, why: str) -> Retrieved:
        record = ProjectTable(Database(self._places.database)).get(project)
        with self._scanning:  # its readers serve one search at a time
            if self._pool is None or self._pool_of != project:
                self.close()
                self._pool, self._pool_of = ReadingPool(record.path, usable_cores()), project
            scanned = scan(record.path, self._pool, query, results, scope)
        return replace(scanned, note=_note(record, why), remedy=_remedy(record))


def _note(project: Project, why: str) -> str:
    """What happened, and how the hits were found."""
    if project.state == "indexing":
        return f"This project is being indexed. {INSTEAD} Try again in a moment."
    return f"{why} {INSTEAD}"


def _remedy(project: Project) -> Remedy | None:
    """What makes the table."""
    if project.state == "indexing":
        return None
    return Remedy("repair" if project.chunks else "index", project.name)
