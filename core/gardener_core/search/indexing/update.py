"""Bring a project's index up to date."""

import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol

from gardener_core.code.worker import FileRead
from gardener_core.code.workers import ReadingPool
from gardener_core.events.index import FilesRead, Indexed, Settled, Stalled
from gardener_core.events.parts import HiddenSecret, SkippedFile
from gardener_core.search.embedders.embedder import Embedder
from gardener_core.search.indexing.emptied import refuse_emptying
from gardener_core.search.indexing.folder_diff import ChangedFile, FolderDiff, compare_folder
from gardener_core.search.indexing.progress import IndexProgress
from gardener_core.search.rows import rows_of_file
from gardener_core.store.project.catalog import Catalog, KnownFile
from gardener_core.store.project.facts import FileFacts

FILES_A_COMMIT = 200
SECONDS_A_COMMIT = 10.0  # slow files do not keep what was read waiting

RefreshEvent = FilesRead | Stalled | Settled | Indexed


class IndexTable(Protocol):
    """What a refresh does with the table of chunks."""

    def replace(self, paths: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> None:
        """Replace all rows of these paths, in one commit."""
        ...

    def clear(self) -> None:
        """Delete every chunk."""
        ...

    def count(self) -> int:
        """How many chunks there are."""
        ...

    def chunks_by_path(self) -> Counter[str]:
        """How many chunks there are of each file."""
        ...

    def compact(self) -> Settled | None:
        """Build missing indices, and merge small fragments where there are many."""
        ...


def refresh(
    root: Path,
    catalog: Catalog,
    table: IndexTable,
    embedder: Embedder | None,
    pool: ReadingPool,
    *,
    full: bool = False,
    diff: FolderDiff | None = None,
    even_if_empty: bool = False,
) -> Iterator[RefreshEvent]:
    """Read what changed since the last time; write the table first, the catalog second.

    Without an embedder rows get no vectors: another step adds them, and words find them until then.

    A folder that is suddenly empty, or nearly, raises before anything is removed, unless it may be
    empty.

    After a kill in between, the table holds files that the catalog does not know: these are read
    again, and what was committed before is not.
    """
    started = time.monotonic()
    diff = diff or compare_folder(root, catalog)
    if not even_if_empty:
        refuse_emptying(root, diff)
    if full:
        table.clear()
        catalog.clear()
        diff = compare_folder(root, catalog)
    doubtful = _doubtful(diff.known, table)
    if doubtful:
        diff = diff.doubting(doubtful)
    gone = sorted(diff.gone | (doubtful - diff.paths))
    if gone:
        table.replace(gone, [])
        catalog.keep([], gone)
    progress = IndexProgress(len(diff.changed), len(diff.paths) - len(diff.changed))
    yield progress.event("", 0)
    batch = _Batch(catalog, table, embedder, diff.known, doubtful)
    yield from _read(diff.changed, pool, batch, progress)
    compacted = table.compact()
    if compacted:
        yield compacted
    files = {**diff.known, **batch.written}
    for path in gone:
        files.pop(path, None)
    done = _indexed(files.values(), table, batch.changed, len(gone), time.monotonic() - started)
    yield replace(done, skipped=(*done.skipped, *diff.unreadable))


def _doubtful(known: dict[str, KnownFile], table: IndexTable) -> set[str]:
    """The files on which catalog and table disagree."""
    if sum(file.chunks for file in known.values()) == table.count():
        return set()
    held = table.chunks_by_path()
    differ = {path for path, file in known.items() if file.chunks != held[path]}
    return differ | (held.keys() - known.keys())


def _read(
    changed: Sequence[ChangedFile], pool: ReadingPool, batch: "_Batch", progress: IndexProgress
) -> Iterator[FilesRead | Stalled]:
    """Read without a pause, write batch by batch; a run may pause in between."""
    wanted = {file.path: file for file in changed}
    for read in pool.read(wanted):
        if isinstance(read, Stalled):
            yield read
        else:
            batch.take(wanted[read.path], read)
            progress.count(read.count if isinstance(read, FileRead) else 0)
        if batch.is_due():
            batch.write()
            yield progress.event(pool.reading, 0)
        elif progress.is_due():
            yield progress.event(pool.reading, batch.files)
    if batch.files:
        batch.write()
        yield progress.event("", 0)


class _Batch:
    """Files that were read and are not written yet."""

    def __init__(
        self,
        catalog: Catalog,
        table: IndexTable,
        embedder: Embedder | None,
        known: dict[str, KnownFile],
        doubtful: set[str],
    ) -> None:
        self._catalog = catalog
        self._table = table
        self._embedder = embedder
        self._known = known
        self._doubtful = doubtful
        self.changed = 0
        self.written: dict[str, KnownFile] = {}
        self._empty()

    @property
    def files(self) -> int:
        """How many files wait."""
        return len(self._entries)

    def take(self, file: ChangedFile, read: FileRead | SkippedFile) -> None:
        """Add a file; one with known content only gets its new time."""
        before = self._known.get(file.path)
        entry = _entry(file, read)
        self._entries.append(entry)
        if isinstance(read, FileRead):
            self._facts.append(read.facts)
        if before and _holds(before) == _holds(entry):
            return
        self.changed += 1
        if before or file.path in self._doubtful:
            self._stale.append(file.path)
        if isinstance(read, FileRead):
            changed = file.changed_ns / 1e9
            rows = read.rows or rows_of_file(read, self._embedder)
            self._rows += [{**row, "changed": changed} for row in rows]

    def is_due(self) -> bool:
        """Whether to write now."""
        if not self._entries:
            return False
        waited = time.monotonic() - self._since
        return len(self._entries) >= FILES_A_COMMIT or waited > SECONDS_A_COMMIT

    def write(self) -> None:
        """Write all of it to the table in one commit, then to the catalog."""
        if self._rows or self._stale:
            self._table.replace(self._stale, self._rows)
        self._catalog.keep(self._entries, facts=self._facts)
        self.written |= {entry.path: entry for entry in self._entries}
        self._empty()

    def _empty(self) -> None:
        self._entries: list[KnownFile] = []
        self._facts: list[FileFacts] = []
        self._rows: list[dict[str, Any]] = []
        self._stale: list[str] = []
        self._since = time.monotonic()


def _holds(file: KnownFile) -> tuple[object, ...]:
    """What decides whether a file's rows are current: newer rules may find more secrets."""
    return file.hash, file.skipped, file.secrets


def _entry(file: ChangedFile, read: FileRead | SkippedFile) -> KnownFile:
    if isinstance(read, SkippedFile):
        return KnownFile(file.path, file.bytes, file.changed_ns, "", 0, read.reason, ())
    return KnownFile(
        path=file.path,
        bytes=file.bytes,
        changed_ns=file.changed_ns,
        hash=read.hash,
        chunks=read.count,
        skipped="",
        secrets=tuple((secret.line, secret.rule) for secret in read.secrets),
    )


def _indexed(
    known: Iterable[KnownFile], table: IndexTable, changed: int, removed: int, seconds: float
) -> Indexed:
    files = sorted(known, key=lambda file: file.path)
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
