"""Fill in missing vectors, or change the embedder."""

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, suppress
from pathlib import Path
from typing import Any

from gardener_core.errors import (
    OLLAMA_ERRORS,
    EmbedderMissing,
    EngineLost,
    GardenError,
    ModelMissing,
    ModelUnfit,
)
from gardener_core.events.index import ChunksEmbedded, EmbedderChanged
from gardener_core.events.run import Noted
from gardener_core.search.columns import COLUMNS, VECTOR
from gardener_core.search.embedders.cached import CachedEmbedder
from gardener_core.search.embedders.choice import EmbedderChoice
from gardener_core.search.embedders.embedder import Embedder
from gardener_core.search.embedders.opening import EmbedderAccess, name_of, open_embedder
from gardener_core.search.rows import passages
from gardener_core.search.table import ChunkTable

READ_COLUMNS = ("path", "symbol", "signature", "doc", "text")
CHUNKS_AT_ONCE = 16
ROWS_A_COMMIT = 2000
UNAVAILABLE = (EmbedderMissing, *OLLAMA_ERRORS, EngineLost, ModelMissing, ModelUnfit)

WriteLock = Callable[[], AbstractContextManager[object]]
EmbeddingEvent = ChunksEmbedded | EmbedderChanged | Noted


def follow_choice(
    folder: Path, choice: EmbedderChoice, access: EmbedderAccess, lock: WriteLock
) -> Iterator[EmbeddingEvent]:
    """Bring an index to the chosen embedder, while the live table answers.

    `lock` takes the project's write lock; it is held for the swap, and never while a model works
    for long.
    """
    table = ChunkTable.open(folder)
    if not _is_due(table, choice, access):
        return
    try:
        embedder = open_embedder(choice, access)
    except UNAVAILABLE as missing:
        if table.choice != choice:
            raise
        waiting = table.unembedded()
        yield Noted(f"{awaiting_vectors(waiting)} {missing.what}" if waiting else missing.what)
        return
    try:
        if _has_vectors_of(table, embedder):
            yield from fill(table, embedder, lock)
        else:
            yield from change(folder, table, embedder, lock)
    finally:
        embedder.close()


def change(
    folder: Path, table: ChunkTable, embedder: Embedder, lock: WriteLock
) -> Iterator[EmbeddingEvent]:
    """Build a table beside the live one, then swap.

    First every text is embedded and cached without the lock: after a kill the next run goes on
    from there. Then the new table is filled from the cache, under the lock.
    """
    started = time.monotonic()
    before = table.embedder_name
    yield Noted(f"Changing the embedder from {before} to {embedder.name}; the old one answers.")
    pace = _Pace(embedder.name, table.count())
    for rows in table.batches(READ_COLUMNS, ROWS_A_COMMIT):
        yield from _embed(rows, embedder, pace)
    with lock():
        table = ChunkTable.open(folder)
        if _has_vectors_of(table, embedder):  # another run was faster
            return
        new = ChunkTable.create_aside(folder, embedder)
        for rows in table.batches(COLUMNS.names, ROWS_A_COMMIT):
            new.add(_with_vectors(rows, embedder))
        new.compact()
        new.publish(folder)
        chunks = new.count()
    seconds = round(time.monotonic() - started, 3)
    yield EmbedderChanged(before, embedder.name, embedder.dimensions, chunks, seconds)


def fill(
    table: ChunkTable, embedder: Embedder, lock: WriteLock, limit: int | None = None
) -> Iterator[ChunksEmbedded]:
    """Give vectors to chunks that have none: embed and cache first, then write."""
    pace = _Pace(embedder.name, table.unembedded())
    at_once = min(ROWS_A_COMMIT, limit or ROWS_A_COMMIT)
    while pace.done < pace.total and (limit is None or pace.done < limit):
        yield from _embed(table.unembedded_rows(at_once), embedder, pace)
        with lock():
            table.refresh()
            rows = table.unembedded_rows(at_once)
            if not rows:
                return
            table.put_vectors(_with_vectors(rows, embedder))
            table.compact()


def awaiting_vectors(chunks: int) -> str:
    """A sentence about chunks that wait for vectors."""
    if chunks == 1:
        return "1 chunk has no vector yet; words find it."
    return f"{chunks:,} chunks have no vectors yet; words find them."


def _is_due(table: ChunkTable, choice: EmbedderChoice, access: EmbedderAccess) -> bool:
    """Whether there is anything to do; asked in every run, so it loads no model."""
    if table.choice != choice:
        return True
    if choice.kind == "static":
        return False
    if table.unembedded():
        return True
    with suppress(GardenError):  # it cannot be known, and nothing waits
        return name_of(choice, access) != table.embedder_name
    return False


def _has_vectors_of(table: ChunkTable, embedder: Embedder) -> bool:
    """Whether the table has the vectors of this embedder, opened as it is now."""
    return table.embedder_name == embedder.name and table.choice == embedder.choice


def _embed(
    rows: list[dict[str, Any]], embedder: Embedder, pace: "_Pace"
) -> Iterator[ChunksEmbedded]:
    """Fill the cache for these rows; an embedder without a cache is fast enough."""
    yield pace.event()
    for at in range(0, len(rows), CHUNKS_AT_ONCE):
        texts = passages(rows[at : at + CHUNKS_AT_ONCE], embedder)
        if isinstance(embedder, CachedEmbedder):
            new = embedder.unknown(texts)
            embedder.embed_documents(new)
            pace.count(len(texts), len(texts) - len(new))
            if new or at + CHUNKS_AT_ONCE >= len(rows):
                yield pace.event()


def _with_vectors(rows: list[dict[str, Any]], embedder: Embedder) -> list[dict[str, Any]]:
    vectors = embedder.embed_documents(passages(rows, embedder))
    return [{**row, VECTOR: vector} for row, vector in zip(rows, vectors, strict=True)]


class _Pace:
    """Counts chunks, and the time for those that were not cached."""

    def __init__(self, embedder: str, total: int) -> None:
        self._embedder = embedder
        self._started = time.monotonic()
        self._known = 0
        self.total = total
        self.done = 0

    def count(self, done: int, known: int) -> None:
        self.done += done
        self._known += known

    def event(self) -> ChunksEmbedded:
        worked = self.done - self._known
        seconds = time.monotonic() - self._started
        rate = worked / seconds if worked and seconds else 0.0
        left = (self.total - self.done) / rate if rate else 0.0
        return ChunksEmbedded(
            embedder=self._embedder,
            done=self.done,
            total=max(self.total, self.done),
            known=self._known,
            rate=round(rate, 2),
            left_seconds=round(max(left, 0.0), 1),
        )
