"""Give chunks their vectors, or those of another embedder."""

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, suppress
from pathlib import Path
from typing import Any

from gardener_core.errors import EmbedderMissing, EngineLost, GardenError, ModelMissing, ModelUnfit
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
CANNOT_BE_HAD = (EmbedderMissing, EngineLost, ModelMissing, ModelUnfit)

Writing = Callable[[], AbstractContextManager[object]]
Told = ChunksEmbedded | EmbedderChanged | Noted


def follow_choice(
    folder: Path, choice: EmbedderChoice, terms: EmbedderAccess, writing: Writing
) -> Iterator[Told]:
    """Bring an index to the embedder that is wanted, while the table that is there answers.

    `writing` is the project's writer lock; it is held for the swap, and never while a model works
    for long.
    """
    table = ChunkTable.open(folder)
    if not _is_due(table, choice, terms):
        return
    try:
        embedder = open_embedder(choice, terms)
    except CANNOT_BE_HAD as missing:
        if table.choice != choice:
            raise
        waiting = table.unembedded()
        yield Noted(f"{without_vectors(waiting)} {missing.what}" if waiting else missing.what)
        return
    try:
        if _is_of(table, embedder):
            yield from fill(table, embedder, writing)
        else:
            yield from change(folder, table, embedder, writing)
    finally:
        embedder.close()


def change(folder: Path, table: ChunkTable, embedder: Embedder, writing: Writing) -> Iterator[Told]:
    """A new table beside the old one, then one swap.

    First every text is embedded, and kept, with nothing locked: killed here, the next run goes on
    where this one was. Then the new table is filled with what is kept, under the lock.
    """
    started = time.monotonic()
    before = table.made_by
    yield Noted(f"Changing the embedder from {before} to {embedder.name}; the old one answers.")
    pace = _Pace(embedder.name, table.count())
    for rows in table.batches(READ_COLUMNS, ROWS_A_COMMIT):
        yield from _embed(rows, embedder, pace)
    with writing():
        table = ChunkTable.open(folder)
        if _is_of(table, embedder):  # another run was faster
            return
        new = ChunkTable.make_aside(folder, embedder)
        for rows in table.batches(COLUMNS.names, ROWS_A_COMMIT):
            new.add(_with_vectors(rows, embedder))
        new.settle()
        new.take_over(folder)
        chunks = new.count()
    seconds = round(time.monotonic() - started, 3)
    yield EmbedderChanged(before, embedder.name, embedder.dimensions, chunks, seconds)


def fill(
    table: ChunkTable, embedder: Embedder, writing: Writing, most: int | None = None
) -> Iterator[ChunksEmbedded]:
    """Give vectors to chunks that have none: embedded, and kept, first, then put in."""
    pace = _Pace(embedder.name, table.unembedded())
    at_once = min(ROWS_A_COMMIT, most or ROWS_A_COMMIT)
    while pace.done < pace.total and (most is None or pace.done < most):
        yield from _embed(table.some_unembedded(at_once), embedder, pace)
        with writing():
            table.refresh_view()
            rows = table.some_unembedded(at_once)
            if not rows:
                return
            table.put_vectors(_with_vectors(rows, embedder))
            table.settle()


def without_vectors(chunks: int) -> str:
    """A sentence about chunks that wait."""
    if chunks == 1:
        return "1 chunk has no vector yet; words find it."
    return f"{chunks:,} chunks have no vectors yet; words find them."


def _is_due(table: ChunkTable, choice: EmbedderChoice, terms: EmbedderAccess) -> bool:
    """Whether there is anything to do; asked in every run, so nothing is loaded for it."""
    if table.choice != choice:
        return True
    if choice.kind == "static":
        return False
    if table.unembedded():
        return True
    with suppress(GardenError):  # then nobody can tell, and nothing waits
        return name_of(choice, terms) != table.made_by
    return False


def _is_of(table: ChunkTable, embedder: Embedder) -> bool:
    """Whether these are its vectors, and the table tells how it is opened now."""
    return table.made_by == embedder.name and table.choice == embedder.choice


def _embed(
    rows: list[dict[str, Any]], embedder: Embedder, pace: "_Pace"
) -> Iterator[ChunksEmbedded]:
    """Embed what is not known of these rows, for its being kept; one that keeps nothing is fast."""
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
    """Counts chunks, and the time that those took that needed work."""

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
