"""The job that brings an index up to date."""

import fcntl
import os
from collections.abc import Generator
from pathlib import Path

from gardener_core.atomic import make_folder
from gardener_core.errors import IndexBroken
from gardener_core.events import Event, FilesRead, Indexed, Noted
from gardener_core.hardware import usable_cores
from gardener_core.jobs.folder import read_wish
from gardener_core.jobs.spec import IndexSpec
from gardener_core.keeping.catalog import Catalog
from gardener_core.keeping.database import Database
from gardener_core.keeping.projects import ProjectTable
from gardener_core.places import Places
from gardener_core.reading.pool import ReadingPool
from gardener_core.recall.embedding import load_static
from gardener_core.recall.indexing import refresh
from gardener_core.recall.linking.linking import link
from gardener_core.recall.mapping import ranks_of
from gardener_core.recall.rows import with_rows
from gardener_core.recall.table import ChunkTable

CLEARED = "cleared"


def work(spec: IndexSpec, places: Places, folder: Path) -> Generator[Event, str | None, None]:
    """Read what changed; one writer a project, the others wait for it.

    The project is ready as soon as it can be searched; its links follow.
    """
    projects = ProjectTable(Database(places.database))
    lock = os.open(
        make_folder(places.project(spec.project)) / "write.lock", os.O_RDWR | os.O_CREAT, 0o600
    )
    fcntl.flock(lock, fcntl.LOCK_EX)
    projects.set_state(spec.project, "indexing")
    try:
        try:
            yield from _refreshed(spec, places, projects, folder)
        except IndexBroken as broken:
            # Everything in it comes from the files, so nothing is lost.
            yield Noted(f"{broken.what} It is made anew.")
            ChunkTable.make_anew(places.index(spec.project), load_static())
            yield from _refreshed(spec, places, projects, folder)
        catalog = Catalog(places.catalog(spec.project))
        linked = link(catalog.sources)
        if linked and linked.files:
            yield linked
        ranks_of(catalog)  # so that no screen has to make them
    finally:
        project = projects.get(spec.project)
        if project.state == "indexing":
            projects.set_state(spec.project, "stale" if project.chunks else "new")
        os.close(lock)


def _refreshed(
    spec: IndexSpec, places: Places, projects: ProjectTable, folder: Path
) -> Generator[Event, str | None, None]:
    root = projects.get(spec.project).path
    catalog = Catalog(places.catalog(spec.project))
    embedder = load_static()
    table = ChunkTable.open_or_make(places.index(spec.project), embedder)
    cleared = folder / CLEARED
    full = spec.full and not cleared.exists()
    anyway = catalog.anyway()
    with ReadingPool(root, usable_cores(), anyway=anyway, finish=with_rows) as pool:
        for event in refresh(root, catalog, table, embedder, pool, full=full):
            match event:
                case FilesRead(done=0, known=known, total=total):
                    cleared.touch()  # from here on what was committed is not read again
                    if known and read_wish(folder).attempt > 1:
                        yield Noted(f"Goes on: {known:,} files are in the index, {total:,} left.")
                case Indexed(files=files, chunks=chunks):
                    projects.set_indexed(spec.project, files, chunks)
            yield event
