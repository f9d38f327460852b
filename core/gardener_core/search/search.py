"""Search the chunks of a project."""

import time
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gardener_core.events.index import Hit, Retrieved
from gardener_core.events.parts import Why
from gardener_core.search.embedders.choice import weight_of
from gardener_core.search.embedders.embedder import Embedder
from gardener_core.search.fusion import Ranked, fold, fuse
from gardener_core.search.query import Query, Scope, parse_query, within
from gardener_core.search.table import ChunkTable
from gardener_core.search.terms import terms_of_question

CANDIDATES = 100
MOST_TESTS = 3
WIDER = 4


def search(
    table: ChunkTable,
    embedder: Embedder | None,
    query: str,
    results: int,
    scope: Scope = "all",
    measured_weight: float | None = None,
) -> Retrieved:
    """The best chunks by words and by meaning, each with why; without an embedder by words alone.

    Filters apply before ranking. A query of filters alone lists what matches.
    """
    started = time.perf_counter()
    parsed = parse_query(query)
    terms = terms_of_question(parsed.text)
    limit = max(CANDIDATES, results)
    weight = weight_of(embedder.dense_weight, measured_weight) if embedder else 0.0
    vector = embedder.embed_query(parsed.text) if embedder and terms and weight else None
    ranked = _candidates(table, vector, weight, parsed, terms, scope, limit)
    # Duplicates fold into one, so that more may be found further down.
    while len(fold(ranked, results)) < results and len(ranked) >= limit:
        limit *= WIDER
        ranked = _candidates(table, vector, weight, parsed, terms, scope, limit)
    return as_result(ranked, terms, results, started, tests_apart=scope == "all")


def as_result(
    ranked: Sequence[Ranked],
    terms: Sequence[str],
    results: int,
    started: float,
    tests_apart: bool = True,
) -> Retrieved:
    """The best hits, and the best tests that are not among them."""
    hits = _hits(ranked, terms, results)
    shown = {(hit.path, hit.start_line) for hit in hits}
    tests = [
        item
        for item in ranked
        if item.row["role"] == "test" and (item.row["path"], item.row["line_start"]) not in shown
    ]
    return Retrieved(
        hits=hits,
        seconds=round(time.perf_counter() - started, 4),
        tests=_hits(tests, terms, MOST_TESTS) if tests_apart else (),
    )


def _candidates(
    table: ChunkTable,
    vector: NDArray[np.float32] | None,
    weight: float,
    parsed: Query,
    terms: Sequence[str],
    scope: Scope,
    limit: int,
) -> list[Ranked]:
    condition = within(parsed.condition, scope)
    if terms:
        by_words = table.by_words(terms, limit, condition)
        by_meaning: list[dict[str, Any]] = []
        if vector is not None and vector.any():
            by_meaning = table.by_vector(vector, limit, condition)
        return fuse(parsed.text, by_words, by_meaning, weight, scope == "tests")
    if parsed.condition:
        rows = table.rows_where(limit, condition)
        return [Ranked(row, 0, 0.0, 0, 0.0, (), 0.0) for row in rows]
    return []


def _hits(ranked: Sequence[Ranked], terms: Sequence[str], results: int) -> tuple[Hit, ...]:
    folded = fold(ranked, results)
    return tuple(_hit(rank, item, also, terms) for rank, (item, also) in enumerate(folded, start=1))


def _hit(rank: int, item: Ranked, also: Sequence[str], terms: Sequence[str]) -> Hit:
    row = item.row
    matched = sorted(set(terms) & set(row["terms"].split()))
    return Hit(
        rank=rank,
        path=row["path"],
        start_line=row["line_start"],
        end_line=row["line_end"],
        symbol=row["symbol"],
        kind=row["kind"],
        language=row["lang"],
        score=round(item.score, 4),
        why=Why(
            words_rank=item.words_rank,
            words_score=round(item.words_score, 4),
            terms=tuple(matched),
            meaning_rank=item.meaning_rank,
            meaning_score=round(item.meaning_score, 4),
            words_part=round(item.words_part, 4),
            meaning_part=round(item.meaning_part, 4),
            corrections=item.corrections,
        ),
        text=row["text"],
        role=row["role"],
        also=tuple(also),
    )
