"""Bring a project's index up to date."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from gardener_core.events import FilesRead, HiddenSecret, Indexed, SkippedFile
from gardener_core.keeping.catalog import Catalog, KnownFile
from gardener_core.reading.files import list_files
from gardener_core.reading.pool import ReadingPool
from gardener_core.reading.worker import FileRead
from gardener_core.recall.embedding import Embedder
from gardener_core.recall.rows import rows_of_file
from gardener_core.recall.table import ChunkTable

FILES_A_COMMIT = 200


@dataclass(frozen=True, slots=True)
class Changed:
    """A file whose size or time differs from what the catalog knows."""

    path: str
    bytes: int
    changed_ns: int


def refresh(
    root: Path,
    catalog: Catalog,
    table: ChunkTable,
    embedder: Embedder,
    pool: ReadingPool,
    *,
    full: bool = False,
) -> Iterator[FilesRead | Indexed]:
    """Read what changed since the last time; the table comes first, the catalog second.

    Killed in between, the catalog still has the old hash, and the same chunks are put again.
    """
    started = time.monotonic()
    known = _trusted(catalog, table, full)
    paths = list_files(root)
    moved = moved_files(root, paths, known)
    gone = sorted(known.keys() - set(paths))
    if gone:
        table.replace(gone, [])
        catalog.keep([], gone)
    changed = 0
    for at in range(0, len(moved), FILES_A_COMMIT):
        batch = moved[at : at + FILES_A_COMMIT]
        changed += _put(batch, pool, known, catalog, table, embedder)
        yield FilesRead(min(at + FILES_A_COMMIT, len(moved)), len(moved))
    table.settle()
    yield _told(catalog, table, changed, len(gone), time.monotonic() - started)


def _trusted(catalog: Catalog, table: ChunkTable, full: bool) -> dict[str, KnownFile]:
    """What the catalog knows, unless the table does not hold it."""
    known = catalog.files()
    if full or sum(file.chunks for file in known.values()) != table.count():
        table.clear()
        catalog.clear()
        return {}
    return known


def moved_files(root: Path, paths: Sequence[str], known: dict[str, KnownFile]) -> list[Changed]:
    """Files to read again: a look at each file's size and time costs microseconds."""
    moved = []
    for path in paths:
        try:
            found = (root / path).stat()
        except OSError:  # gone since it was listed: the next refresh forgets it
            continue
        before = known.get(path)
        if before is None or (before.bytes, before.changed_ns) != (
            found.st_size,
            found.st_mtime_ns,
        ):
            moved.append(Changed(path, found.st_size, found.st_mtime_ns))
    return moved


def _put(
    batch: Sequence[Changed],
    pool: ReadingPool,
    known: dict[str, KnownFile],
    catalog: Catalog,
    table: ChunkTable,
    embedder: Embedder,
) -> int:
    """Write what was read of a batch; tells how many files had a new content."""
    wanted = {file.path: file for file in batch}
    rows, stale, entries, new = [], [], [], 0
    for read in pool.read(wanted):
        file, before = wanted[read.path], known.get(read.path)
        digest = read.hash if isinstance(read, FileRead) else ""
        entry = _entry(file, read)
        if before is None or before.hash != digest or before.skipped != entry.skipped:
            new += 1
            if before is not None:
                stale.append(read.path)
            if isinstance(read, FileRead):
                rows += rows_of_file(read, file.changed_ns / 1e9, embedder)
        entries.append(entry)
    if rows or stale:
        table.replace(stale, rows)
    catalog.keep(entries)
    return new


def _entry(file: Changed, read: FileRead | SkippedFile) -> KnownFile:
    if isinstance(read, SkippedFile):
        return KnownFile(file.path, file.bytes, file.changed_ns, "", 0, read.reason, ())
    return KnownFile(
        path=file.path,
        bytes=file.bytes,
        changed_ns=file.changed_ns,
        hash=read.hash,
        chunks=len(read.chunks),
        skipped="",
        secrets=tuple((secret.line, secret.rule) for secret in read.secrets),
    )


def _told(
    catalog: Catalog, table: ChunkTable, changed: int, removed: int, seconds: float
) -> Indexed:
    files = catalog.files().values()
    return Indexed(
        files=sum(1 for file in files if not file.skipped),
        changed=changed,
        removed=removed,
        chunks=table.count(),
        skipped=tuple(SkippedFile(file.path, file.skipped) for file in files if file.skipped),
        seconds=round(seconds, 3),
        secrets=tuple(
            HiddenSecret(file.path, line, rule) for file in files for line, rule in file.secrets
        ),
    )
