"""Bring a project's index up to date."""

import hashlib
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from gardener_core.events import FilesRead, Indexed, SkippedFile
from gardener_core.keeping.catalog import Catalog, KnownFile
from gardener_core.reading.chunking import Chunk, chunk_file
from gardener_core.reading.files import list_files, read_file
from gardener_core.recall.table import ChunkTable

FILES_A_COMMIT = 200


@dataclass(slots=True)
class _Batch:
    """Files that go into the table with one commit."""

    chunks: list[Chunk] = field(default_factory=list)
    files: list[KnownFile] = field(default_factory=list)


def refresh(
    root: Path, catalog: Catalog, table: ChunkTable, *, full: bool = False
) -> Iterator[FilesRead | Indexed]:
    """Read what changed since the last time; the table comes first, the catalog second.

    Killed in between, the catalog still has the old hash, and the same chunks are put again.
    """
    started = time.monotonic()
    known = _trusted(catalog, table, full)
    paths = list_files(root)
    changed = 0
    for at in range(0, len(paths), FILES_A_COMMIT):
        batch = _read_changed(root, paths[at : at + FILES_A_COMMIT], known)
        changed += _put(batch, known, catalog, table)
        yield FilesRead(min(at + FILES_A_COMMIT, len(paths)), len(paths))
    gone = sorted(known.keys() - set(paths))
    if gone:
        table.replace(gone, [])
        catalog.keep([], gone)
    table.settle()
    files = catalog.files()
    yield Indexed(
        files=sum(1 for file in files.values() if not file.skipped),
        changed=changed,
        removed=len(gone),
        chunks=table.count(),
        skipped=tuple(SkippedFile(f.path, f.skipped) for f in files.values() if f.skipped),
        seconds=round(time.monotonic() - started, 3),
    )


def _trusted(catalog: Catalog, table: ChunkTable, full: bool) -> dict[str, KnownFile]:
    """What the catalog knows, unless the table does not hold it."""
    known = catalog.files()
    if full or sum(file.chunks for file in known.values()) != table.count():
        table.clear()
        catalog.clear()
        return {}
    return known


def _read_changed(root: Path, paths: Sequence[str], known: dict[str, KnownFile]) -> _Batch:
    batch = _Batch()
    for path in paths:
        before = known.get(path)
        try:
            found = (root / path).stat()
        except OSError:  # gone since it was listed: the next refresh forgets it
            continue
        if before and (before.bytes, before.changed_ns) == (found.st_size, found.st_mtime_ns):
            continue
        source = read_file(root, path)
        if isinstance(source, SkippedFile):
            chunks, digest, skipped = [], "", source.reason
        else:
            digest = hashlib.blake2b(source.raw, digest_size=16).hexdigest()
            same = before is not None and before.hash == digest
            chunks = [] if same else chunk_file(source)
            skipped = ""
        count = before.chunks if before and before.hash == digest and digest else len(chunks)
        batch.chunks += chunks
        batch.files.append(
            KnownFile(path, found.st_size, found.st_mtime_ns, digest, count, skipped)
        )
    return batch


def _put(batch: _Batch, known: dict[str, KnownFile], catalog: Catalog, table: ChunkTable) -> int:
    """Write a batch; tells how many files had a new content."""
    new = [
        file for file in batch.files if file.path not in known or known[file.path].hash != file.hash
    ]
    stale = [file.path for file in new if file.path in known]
    if batch.chunks or stale:
        table.replace(stale, batch.chunks)
    if batch.files:
        catalog.keep(batch.files)
    return len(new)
