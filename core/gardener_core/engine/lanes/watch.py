"""Keep the selected project's index fresh while its files are edited."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path

from gardener_core.code.workers import ReadingPool
from gardener_core.engine.embedders import OpenEmbedders
from gardener_core.engine.lanes.change_feed import ChangeFeed
from gardener_core.engine.lanes.change_watcher import FilesChanged, Gone, Ready
from gardener_core.errors import (
    BadInput,
    EmbedderMissing,
    IndexBroken,
    IndexMissing,
    ProjectEmptied,
)
from gardener_core.events.index import ChunksEmbedded, Indexed, Refreshed, Stale, Watching
from gardener_core.events.run import Noted
from gardener_core.events.union import Event
from gardener_core.graph.links import link
from gardener_core.search.embedders.embedder import Embedder
from gardener_core.search.embedders.opening import EmbedderAccess, leaves_here
from gardener_core.search.indexing.embedding import CANNOT_BE_HAD, fill
from gardener_core.search.indexing.emptied import refuse_emptying
from gardener_core.search.indexing.folder_diff import compare_folder
from gardener_core.search.indexing.update import refresh
from gardener_core.search.table import ChunkTable
from gardener_core.store.database import Database
from gardener_core.store.garden.audit import AuditLog
from gardener_core.store.garden.projects import ProjectTable
from gardener_core.store.project.catalog import Catalog
from gardener_core.system.locks import locked_if_free
from gardener_core.system.places import Places

MOST_FILES = 50
MOST_CHUNKS = 200
LOOK_SECONDS = 0.25
QUIET_LOOKS = 4


class IndexWatch:
    """One project under watch; files are read by one process that stays warm."""

    def __init__(
        self,
        places: Places,
        project: str,
        root: Path,
        embedders: OpenEmbedders,
        code_may_leave: bool,
    ) -> None:
        self._places = places
        self._project = project
        self._root = root
        self._embedders = embedders
        self._code_may_leave = code_may_leave
        self._noted = False
        anyway = Catalog(places.catalog(project)).anyway()
        self._pool = ReadingPool(root, 1, anyway=anyway)

    def events(self, cancelled: Callable[[], bool]) -> Iterator[Event]:
        """What happens until somebody cancels; what changed before comes first."""
        try:
            with ChangeFeed(self._root) as feed:
                yield from self._follow(feed, cancelled)
        finally:
            self._pool.close()

    def _follow(self, feed: ChangeFeed, cancelled: Callable[[], bool]) -> Iterator[Event]:
        due, unlinked, quiet = False, False, 0
        while not cancelled():
            reports = feed.wait(LOOK_SECONDS)
            if cancelled():
                return
            for report in reports:
                match report:
                    case Ready(reason=reason):
                        yield Watching(self._project, bool(reason), reason)
                    case Gone():
                        yield Noted(f"{self._root} is not there. Its index stays as it is.")
                    case FilesChanged(secrets=True):
                        self._pool.close()  # its readers know the old list
            due = due or any(not isinstance(report, Gone) for report in reports)
            quiet = 0 if due else quiet + 1
            if due:
                told = self._refresh()
                due = told is None  # somebody else writes: look again
                if told:
                    yield told
                unlinked = unlinked or isinstance(told, Refreshed)
            elif unlinked and quiet == QUIET_LOOKS:  # who saves again does not wait for links
                self._link()
                self._embed(cancelled)
                unlinked = False

    def _refresh(self) -> Event | None:
        """Bring the index up to date, if that is little; None while another writes it."""
        catalog = Catalog(self._places.catalog(self._project))
        with self._writing() as free:
            if not free:
                return None
            try:
                seen = compare_folder(self._root, catalog)
                refuse_emptying(self._root, seen)
            except (BadInput, ProjectEmptied) as problem:
                return Noted(f"{problem.what} {problem.hint}")
            count = len(seen.moved) + len(seen.gone)
            if count > MOST_FILES or not seen.known:
                return Stale(self._project, count)
            if count == 0:
                return Refreshed(self._project, 0, 0, 0.0)
            try:
                table = ChunkTable.open(self._places.index(self._project))
                *_, done = refresh(
                    self._root, catalog, table, self._fast(table), self._pool, seen=seen
                )
            except (EmbedderMissing, IndexMissing, IndexBroken):
                return Stale(self._project, len(seen.paths))
        assert isinstance(done, Indexed)
        projects = ProjectTable(Database(self._places.database))
        projects.set_indexed(self._project, done.files, done.chunks)
        return Refreshed(self._project, done.changed, done.removed, done.seconds)

    def _link(self) -> None:
        """Bring the links up to date, if that is little; the next run does what is left."""
        with self._writing() as free:
            if free:
                link(Catalog(self._places.catalog(self._project)).sources, MOST_FILES)

    def _fast(self, table: ChunkTable) -> Embedder | None:
        """What makes vectors while files are read; a model is asked later."""
        if table.choice.kind != "static":
            return None
        return self._embedders.of(table, self._code_may_leave)

    def _embed(self, cancelled: Callable[[], bool]) -> None:
        """Give saved chunks their vectors, if a model has to; an index run does what is left."""
        with suppress(IndexMissing, IndexBroken, *CANNOT_BE_HAD):
            table = ChunkTable.open(self._places.index(self._project))
            if table.choice.kind != "static" and table.unembedded():
                embedder = self._embedders.of(table, self._code_may_leave)
                for told in fill(table, embedder, self._writing_or_not, MOST_CHUNKS):
                    self._note_what_leaves(table, told)
                    if cancelled():  # what was embedded is kept, and put in another time
                        return

    def _note_what_leaves(self, table: ChunkTable, told: ChunksEmbedded) -> None:
        """Code that is sent out is in the audit, once a watch."""
        if told.done > told.known and not self._noted:
            self._noted = True
            if leaves_here(
                table.choice, EmbedderAccess.of_user(self._places, self._code_may_leave)
            ):
                audit = AuditLog(Database(self._places.database))
                audit.record("code sent out", self._project, told.embedder)

    @contextmanager
    def _writing_or_not(self) -> Iterator[None]:
        with self._writing() as free:
            if not free:
                raise EmbedderMissing("An index run writes; it does what is left.")
            yield

    def _writing(self) -> AbstractContextManager[bool]:
        """The project's one writer lock, unless a run has it."""
        return locked_if_free(self._places.write_lock(self._project))
