"""Estimate the cost of another embedder on a few chunks."""

import time

from gardener_core.events.index import EmbedderTried
from gardener_core.search.embedders.cached import CachedEmbedder
from gardener_core.search.embedders.choice import EmbedderChoice
from gardener_core.search.embedders.embedder import Embedder
from gardener_core.search.embedders.opening import EmbedderAccess, open_embedder
from gardener_core.search.indexing.embedding import READ_COLUMNS
from gardener_core.search.rows import passages
from gardener_core.search.table import ChunkTable
from gardener_core.system.places import Places

SAMPLE = 24
AT_ONCE = 2
LONGEST_SECONDS = 10.0
ROWS_AT_ONCE = 2000
VECTOR_BYTES, KEPT_BYTES = 4, 2  # a number in the table, and in what is kept of every text


def try_embedder(
    places: Places, project: str, choice: EmbedderChoice, code_may_leave: bool
) -> EmbedderTried:
    """Measure it on chunks from all over the project that it has not embedded yet."""
    table = ChunkTable.open(places.index(project))
    embedder = open_embedder(choice, EmbedderAccess.of_user(places, code_may_leave))
    try:
        return _tried(table, embedder)
    finally:
        embedder.close()


def _tried(table: ChunkTable, embedder: Embedder) -> EmbedderTried:
    texts = [
        text
        for rows in table.batches(READ_COLUMNS, ROWS_AT_ONCE)
        for text in passages(rows, embedder)
    ]
    new = embedder.unknown(texts) if isinstance(embedder, CachedEmbedder) else texts
    sampled, seconds = _measured(new[:: max(1, len(new) // SAMPLE)][:SAMPLE], embedder)
    kept = KEPT_BYTES if isinstance(embedder, CachedEmbedder) else 0
    size = embedder.dimensions * (VECTOR_BYTES * len(texts) + kept * len(new))
    return EmbedderTried(
        embedder=embedder.name,
        dimensions=embedder.dimensions,
        chunks=len(texts),
        known=len(texts) - len(new),
        sampled=sampled,
        seconds=round(seconds / sampled * len(new), 1) if sampled else 0.0,
        bytes=size,
    )


def _measured(texts: list[str], embedder: Embedder) -> tuple[int, float]:
    """How many were embedded in how many seconds; the vectors are cached."""
    started, done = time.monotonic(), 0
    while done < len(texts) and time.monotonic() - started < LONGEST_SECONDS:
        some = texts[done : done + AT_ONCE]
        embedder.embed_documents(some)
        done += len(some)
    return done, time.monotonic() - started
