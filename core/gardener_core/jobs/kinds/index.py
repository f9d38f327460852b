"""Bring a project's index up to date."""

from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path

from gardener_core.code.workers import ReadingPool
from gardener_core.errors import IndexBroken, IndexMissing
from gardener_core.events.index import ChunksEmbedded, EmbedderChanged, FilesRead, Indexed
from gardener_core.events.run import Noted
from gardener_core.events.union import Event
from gardener_core.graph.links import link
from gardener_core.graph.map import ranks_of
from gardener_core.jobs.folder import read_request
from gardener_core.jobs.spec import IndexSpec
from gardener_core.search.embedders.opening import EmbedderAccess, sends_code_away
from gardener_core.search.embedders.static import StaticEmbedder, load_static
from gardener_core.search.indexing.embedding import follow_choice
from gardener_core.search.indexing.update import refresh
from gardener_core.search.rows import add_rows, add_rows_without_vectors
from gardener_core.search.table import ChunkTable
from gardener_core.store.database import Database
from gardener_core.store.garden.audit import AuditLog
from gardener_core.store.garden.projects import ProjectTable
from gardener_core.store.project.catalog import Catalog
from gardener_core.system.files.atomic import make_folder
from gardener_core.system.hardware import usable_cores
from gardener_core.system.interrupts import Interruptible
from gardener_core.system.locks import locked
from gardener_core.system.places import Places

CLEARED = "cleared"


def work(
    spec: IndexSpec, places: Places, folder: Path, interruptible: Interruptible
) -> Generator[Event, str | None, None]:
    """Read changed files; a project has one writer at a time.

    The project is ready as soon as it can be searched; links follow, and embedding with a model
    comes last, when others may write again.
    """
    projects = ProjectTable(Database(places.database))
    with _writing(places, spec.project):
        projects.set_state(spec.project, "indexing")
        try:
            try:
                yield from _refresh(spec, places, projects, folder)
            except IndexBroken as broken:
                # The index is computed from the files, so nothing is lost.
                yield Noted(f"{broken.what} It is rebuilt.")
                ChunkTable.recreate(places.index(spec.project), load_static())
                yield from _refresh(spec, places, projects, folder)
            catalog = Catalog(places.catalog(spec.project))
            linked = link(catalog.sources)
            if linked and linked.files:
                yield linked
            ranks_of(catalog)  # so that no screen has to compute them
        finally:
            project = projects.get(spec.project)
            if project.state == "indexing":
                projects.set_state(spec.project, project.resting_state)
    if spec.embedder:
        yield from _embed(spec, places)


def _refresh(
    spec: IndexSpec, places: Places, projects: ProjectTable, folder: Path
) -> Generator[Event, str | None, None]:
    root = projects.get(spec.project).path
    catalog = Catalog(places.catalog(spec.project))
    table, embedder = _open_table(places.index(spec.project))
    table.drop_others(places.index(spec.project))
    cleared = folder / CLEARED
    full = spec.full and not cleared.exists()
    anyway = catalog.anyway()
    finish = add_rows if embedder else add_rows_without_vectors
    with ReadingPool(root, usable_cores(), anyway=anyway, finish=finish) as pool:
        events = refresh(
            root, catalog, table, embedder, pool, full=full, even_if_empty=spec.even_if_empty
        )
        for event in events:
            match event:
                case FilesRead(done=0, known=known, total=total):
                    cleared.touch()  # committed files are not read again from here on
                    if known and read_request(folder).attempt > 1:
                        yield Noted(f"Resumed: {known:,} files are in the index, {total:,} remain.")
                case Indexed(files=files, chunks=chunks):
                    projects.set_indexed(spec.project, files, chunks)
            yield event


def _open_table(folder: Path) -> tuple[ChunkTable, StaticEmbedder | None]:
    """The present or a new table, and the embedder for reading files.

    A model would take too long: its chunks are stored first and embedded later.
    """
    static = load_static()
    try:
        table = ChunkTable.open(folder)
        if table.choice.kind != "static" and table.is_current:
            return table, None
    except (IndexMissing, IndexBroken):
        pass
    return ChunkTable.open_or_create(folder, static), static


def _embed(spec: IndexSpec, places: Places) -> Generator[Event, str | None, None]:
    """Add missing vectors, or change to those of another embedder."""
    assert spec.embedder is not None
    access = EmbedderAccess.of_user(places, spec.code_may_leave)
    folder, audit = places.index(spec.project), AuditLog(Database(places.database))
    has_embedded = False
    for event in follow_choice(
        folder, spec.embedder, access, lambda: _writing(places, spec.project)
    ):
        yield event
        if isinstance(event, EmbedderChanged):
            detail = f"{event.before} to {event.after}"
            audit.record("embedder changed", spec.project, detail)
        elif isinstance(event, ChunksEmbedded) and event.done > event.known and not has_embedded:
            has_embedded = True
            if sends_code_away(spec.embedder, access):
                audit.record("code sent out", spec.project, event.embedder)


@contextmanager
def _writing(places: Places, project: str) -> Iterator[None]:
    """Wait for the project's writer lock and hold it."""
    make_folder(places.project(project))
    with locked(places.write_lock(project)):
        yield
