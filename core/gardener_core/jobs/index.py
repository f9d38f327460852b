"""The job that brings an index up to date."""

import fcntl
import os
from collections.abc import Generator
from pathlib import Path

from gardener_core.errors import IndexBroken
from gardener_core.events import Event, Indexed, Noted
from gardener_core.hardware import usable_cores
from gardener_core.jobs.spec import IndexSpec
from gardener_core.keeping.catalog import Catalog
from gardener_core.keeping.database import Database
from gardener_core.keeping.projects import ProjectTable
from gardener_core.places import Places
from gardener_core.reading.pool import ReadingPool
from gardener_core.recall.embedding import load_static
from gardener_core.recall.indexing import refresh
from gardener_core.recall.table import ChunkTable


def work(spec: IndexSpec, places: Places, folder: Path) -> Generator[Event, str | None, None]:
    """Read what changed; one writer a project, the others wait for it."""
    projects = ProjectTable(Database(places.database))
    lock = os.open(places.project(spec.project) / "write.lock", os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(lock, fcntl.LOCK_EX)
    projects.set_state(spec.project, "indexing")
    try:
        try:
            yield from _refreshed(spec, places, projects)
        except IndexBroken as broken:
            # Everything in it comes from the files, so nothing is lost.
            yield Noted(f"{broken.what} It is made anew.")
            ChunkTable.make_anew(places.index(spec.project), load_static())
            yield from _refreshed(spec, places, projects)
    finally:
        project = projects.get(spec.project)
        if project.state == "indexing":
            projects.set_state(spec.project, "stale" if project.chunks else "new")
        os.close(lock)


def _refreshed(
    spec: IndexSpec, places: Places, projects: ProjectTable
) -> Generator[Event, str | None, None]:
    root = projects.get(spec.project).path
    catalog = Catalog(places.catalog(spec.project))
    embedder = load_static()
    table = ChunkTable.open_or_make(places.index(spec.project), embedder)
    with ReadingPool(root, usable_cores()) as pool:
        for event in refresh(root, catalog, table, embedder, pool, full=spec.full):
            if isinstance(event, Indexed):
                projects.set_indexed(spec.project, event.files, event.chunks)
            yield event
