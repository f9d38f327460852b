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
from gardener_core.search.embedders.opening import EmbedderAccess, sends_code_away
from gardener_core.search.indexing.embedding import UNAVAILABLE, fill
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
    """One watched project; its files are read by one process that stays warm."""

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
        self._audited = False
        anyway = Catalog(places.catalog(project)).anyway()
        self._pool = ReadingPool(root, 1, anyway=anyway)

    def events(self, cancelled: Callable[[], bool]) -> Iterator[Event]:
        """Events until cancelled; what changed before comes first."""
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
                event = self._refresh()
                due = event is None  # another process writes: try again
                if event:
                    yield event
                unlinked = unlinked or isinstance(event, Refreshed)
            elif unlinked and quiet == QUIET_LOOKS:  # saving again does not wait for links
                self._link()
                self._embed(cancelled)
                unlinked = False

    def _refresh(self) -> Event | None:
        """Bring the index up to date, if few files changed; None while another writes it."""
        catalog = Catalog(self._places.catalog(self._project))
        with self._writing() as free:
            if not free:
                return None
            try:
                diff = compare_folder(self._root, catalog)
                refuse_emptying(self._root, diff)
            except (BadInput, ProjectEmptied) as problem:
                return Noted(f"{problem.what} {problem.hint}")
            count = len(diff.changed) + len(diff.gone)
            if count > MOST_FILES or not diff.known:
                return Stale(self._project, count)
            if count == 0:
                return Refreshed(self._project, 0, 0, 0.0)
            try:
                table = ChunkTable.open(self._places.index(self._project))
                *_, done = refresh(
                    self._root, catalog, table, self._fast(table), self._pool, diff=diff
                )
            except (EmbedderMissing, IndexMissing, IndexBroken):
                return Stale(self._project, len(diff.paths))
        assert isinstance(done, Indexed)
        projects = ProjectTable(Database(self._places.database))
        projects.set_indexed(self._project, done.files, done.chunks)
        return Refreshed(self._project, done.changed, done.removed, done.seconds)

    def _link(self) -> None:
        """Bring a few links up to date; the next run does the rest."""
        with self._writing() as free:
            if free:
                link(Catalog(self._places.catalog(self._project)).sources, MOST_FILES)

    def _fast(self, table: ChunkTable) -> Embedder | None:
        """The embedder that is fast enough to run while files are read; a model is asked later."""
        if table.choice.kind != "static":
            return None
        return self._embedders.of(table, self._code_may_leave)

    def _embed(self, cancelled: Callable[[], bool]) -> None:
        """Embed saved chunks, if that takes a model; an index run does the rest."""
        with suppress(IndexMissing, IndexBroken, *UNAVAILABLE):
            table = ChunkTable.open(self._places.index(self._project))
            if table.choice.kind != "static" and table.unembedded():
                embedder = self._embedders.of(table, self._code_may_leave)
                for progress in fill(table, embedder, self._writing_or_raise, MOST_CHUNKS):
                    self._audit_sent_code(table, progress)
                    if cancelled():  # embedded vectors are cached, and written next time
                        return

    def _audit_sent_code(self, table: ChunkTable, progress: ChunksEmbedded) -> None:
        """Enter in the audit that code is sent out, once a watch."""
        if progress.done > progress.known and not self._audited:
            self._audited = True
            if sends_code_away(
                table.choice, EmbedderAccess.of_user(self._places, self._code_may_leave)
            ):
                audit = AuditLog(Database(self._places.database))
                audit.record("code sent out", self._project, progress.embedder)

    @contextmanager
    def _writing_or_raise(self) -> Iterator[None]:
        with self._writing() as free:
            if not free:
                raise EmbedderMissing("An index run is writing; it does the rest.")
            yield

    def _writing(self) -> AbstractContextManager[bool]:
        """The project's one writer lock, unless a run has it."""
        return locked_if_free(self._places.write_lock(self._project))
