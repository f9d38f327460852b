"""Measure a first index, and refreshes of it."""

import resource
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from gardener_core.code.workers import ReadingPool
from gardener_core.events.index import Indexed, Settled
from gardener_core.search.embedders.static import load_static
from gardener_core.search.indexing.update import refresh
from gardener_core.search.measuring.figures import (
    Line,
    Stopwatch,
    arguments,
    child_cpu_seconds,
    figure,
    peak_megabytes,
    print_lines,
    spread,
)
from gardener_core.search.rows import add_rows
from gardener_core.search.table import ChunkTable
from gardener_core.store.project.catalog import Catalog
from gardener_core.system.files.atomic import bytes_under
from gardener_core.system.hardware import usable_cores

REFRESHES = 9


class _TimedTable:
    """A table whose writing is timed."""

    def __init__(self, table: ChunkTable) -> None:
        self.seconds: defaultdict[str, float] = defaultdict(float)
        self._table = table

    def replace(self, paths: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> None:
        watch = Stopwatch()
        self._table.replace(paths, rows)
        self.seconds["writing rows"] += watch.seconds

    def compact(self) -> Settled | None:
        watch = Stopwatch()
        compacted = self._table.compact()
        self.seconds["making the indices"] += watch.seconds
        return compacted

    def clear(self) -> None:
        self._table.clear()

    def count(self) -> int:
        return self._table.count()

    def chunks_by_path(self) -> Counter[str]:
        return self._table.chunks_by_path()


def main() -> None:
    """Index a tree from nothing, beside the live table."""
    root, beside, _ = arguments()
    with tempfile.TemporaryDirectory(dir=beside) as folder:
        print_lines(_measured(root, Path(folder)))


def _measured(root: Path, folder: Path) -> Iterator[Line]:
    embedder, catalog = load_static(), Catalog(folder / "catalog.db")
    table = _TimedTable(ChunkTable.open_or_create(folder / "index", embedder))
    watch = Stopwatch()
    with ReadingPool(root, usable_cores(), finish=add_rows) as pool:
        done = _refreshed(root, catalog, table, pool)
        wall, cpu = watch.seconds, watch.cpu_seconds
        yield figure("first index", wall, "s", done.files)
        yield figure("files", done.files / wall, "files/s", done.files)
        yield figure("chunks", done.chunks / wall, "chunks/s", done.chunks)
        read = sum(file.bytes for file in catalog.files().values() if not file.skipped)
        yield figure("code", read / 1e6 / wall, "MB/s", done.files)
        for name, taken in table.seconds.items():
            yield figure(name, done.chunks / max(taken, 1e-6), "chunks/s", done.chunks)
        yield figure("cpu of the writer", cpu, "s", 1)
        yield figure("bytes a chunk on the disk", _bytes(folder) / done.chunks, "B", done.chunks)
        seconds = []
        for _ in range(REFRESHES):
            watch = Stopwatch()
            _refreshed(root, catalog, table, pool)
            seconds.append(watch.seconds)
        yield from spread("refresh that finds nothing", seconds, "s")
        path = next(file.path for file in catalog.files().values() if file.chunks)
        seconds = []
        for _ in range(REFRESHES):
            catalog.forget([path])
            watch = Stopwatch()
            _refreshed(root, catalog, table, pool)
            seconds.append(watch.seconds)
        yield from spread("refresh of one file", seconds, "s")
    yield figure("cpu of the readers", child_cpu_seconds(), "s", usable_cores())
    yield figure("peak memory of the writer", peak_megabytes(), "MB", 1)
    readers = peak_megabytes(resource.RUSAGE_CHILDREN)
    yield figure("peak memory of the largest reader", readers, "MB", 1)


def _refreshed(root: Path, catalog: Catalog, table: _TimedTable, pool: ReadingPool) -> Indexed:
    *_, done = refresh(root, catalog, table, load_static(), pool)
    assert isinstance(done, Indexed)
    return done


def _bytes(folder: Path) -> int:
    return bytes_under(folder / "index")
