"""The job that brings an index up to date."""

import fcntl
import os
from collections.abc import Generator
from pathlib import Path

from gardener_core.events import Event, Indexed
from gardener_core.hardware import usable_cores
from gardener_core.jobs.spec import IndexSpec
from gardener_core.keeping.catalog import Catalog
from gardener_core.keeping.database import Database
from gardener_core.keeping.projects import ProjectTable
from gardener_core.places import Places
from gardener_core.reading.pool import ReadingPool
from gardener_core.recall.embedding import load_static
from gardener_core.recall.indexing import refresh
from gardener_core.recall.linking.linking import link
from gardener_core.recall.table import ChunkTable


def work(spec: IndexSpec, places: Places, folder: Path) -> Generator[Event, str | None, None]:
    """Read what changed; one writer a project, the others wait for it.

    The project is ready as soon as it can be searched; its links follow.
    """
    projects = ProjectTable(Database(places.database))
    project = projects.get(spec.project)
    catalog = Catalog(places.catalog(spec.project))
    embedder = load_static()
    table = ChunkTable.open_or_make(places.index(spec.project), embedder)
    lock = os.open(places.project(spec.project) / "write.lock", os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(lock, fcntl.LOCK_EX)
    projects.set_state(spec.project, "indexing")
    try:
        with ReadingPool(project.path, usable_cores()) as pool:
            for event in refresh(project.path, catalog, table, embedder, pool, full=spec.full):
                if isinstance(event, Indexed):
                    projects.set_indexed(spec.project, event.files, event.chunks)
                yield event
        linked = link(catalog.sources)
        if linked and linked.files:
            yield linked
    finally:
        if projects.get(spec.project).state == "indexing":
            projects.set_state(spec.project, "stale" if table.count() else "new")
        os.close(lock)
