"""Find the chunks that fit a query."""

import time
from collections.abc import Sequence
from typing import Any

from gardener_core.events import Hit, Retrieved, Why
from gardener_core.recall.table import ChunkTable
from gardener_core.recall.terms import terms_of_question


def search(table: ChunkTable, query: str, results: int) -> Retrieved:
    """The best chunks by words, each with the words that put it there."""
    started = time.perf_counter()
    terms = terms_of_question(query)
    rows = table.by_words(terms, results) if terms else []
    hits = tuple(_hit(rank, row, terms) for rank, row in enumerate(rows, start=1))
    return Retrieved(hits, round(time.perf_counter() - started, 4))


def _hit(rank: int, row: dict[str, Any], terms: Sequence[str]) -> Hit:
    score = round(float(row["_score"]), 4)
    matched = sorted(set(terms) & set(row["terms"].split()))
    return Hit(
        rank=rank,
        path=row["path"],
        start_line=row["line_start"],
        end_line=row["line_end"],
        symbol=row["symbol"],
        kind=row["kind"],
        language=row["lang"],
        score=score,
        why=Why(words_rank=rank, words_score=score, terms=tuple(matched)),
        text=row["text"],
    )
