"""An engine over a project that is indexed in this process."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from gardener_core.code.workers import ReadingPool
from gardener_core.engine.client import Engine
from gardener_core.search.embedders.static import load_static
from gardener_core.search.indexing.update import refresh
from gardener_core.search.table import ChunkTable
from gardener_core.store.database import Database
from gardener_core.store.garden.projects import ProjectTable
from gardener_core.store.project.catalog import Catalog
from gardener_core.system.places import Places

PROJECT = "p"


def index_project(places: Places, root: Path) -> None:
    """Register a folder as the project `p` and index all of its files."""
    ProjectTable(Database(places.database)).insert(PROJECT, root, PROJECT)
    embedder = load_static()
    table = ChunkTable.open_or_create(places.index(PROJECT), embedder)
    with ReadingPool(root, 1) as pool:
        list(refresh(root, Catalog(places.catalog(PROJECT)), table, embedder, pool))


@contextmanager
def running_engine(places: Places) -> Iterator[Engine]:
    """An engine that is closed at the end."""
    with closing(Engine(places)) as engine:
        yield engine
