"""Check that a table and its indices are whole."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from gardener_core.errors import IndexBroken
from gardener_core.search.table import ChunkTable
from gardener_core.search.terms import TERM_LIMIT

SAMPLES = 64
TERMS_A_SAMPLE = 3
TOLERANCE = 0.01
_INDEXED = ("path", "lang", "kind", "role")


def problem_of(table: ChunkTable) -> str:
    """What is wrong with a table, every row read; empty where it is whole.

    An index can be damaged where the rows are not, so some rows are looked up by index.
    """
    try:
        return next(_problems(table), "")
    except IndexBroken as found:
        return found.what


def _problems(table: ChunkTable) -> Iterator[str]:
    ids: set[str] = set()
    counts: dict[str, Counter[str]] = {column: Counter() for column in _INDEXED}
    samples: list[dict[str, Any]] = []
    every, count = max(1, table.count() // SAMPLES), 0
    for row in table.all_rows():
        ids.add(row["id"])
        if row["norm"] and abs(row["norm"] - 1.0) > TOLERANCE:
            yield f"A vector of {row['path']} cannot be one."
        for column, counted in counts.items():
            counted[row[column]] += 1
        if count % every == 0:
            samples.append(row)
        count += 1
    if len(ids) != count:
        yield f"{count - len(ids)} of {count} chunks stand there twice."
    for row in samples:
        yield from _not_found(table, row, counts)


def _not_found(
    table: ChunkTable, row: dict[str, Any], counts: dict[str, Counter[str]]
) -> Iterator[str]:
    """The indices that do not find a row of the table."""
    own = f"id = '{row['id']}'"
    if table.count(own) != 1:
        yield "The index of ids does not find what the table holds."
    for column, counted in counts.items():
        quoted = row[column].replace("'", "''")
        if table.count(f"{column} = '{quoted}'") != counted[row[column]]:
            yield f"The index of {column!r} does not find what the table holds."
    # Older tables hold terms that are longer than the word index takes.
    indexed = {term for term in row["terms"].split() if len(term) < TERM_LIMIT}
    terms = sorted(indexed, key=len, reverse=True)
    if not all(table.by_words([term], 1, own) for term in terms[:TERMS_A_SAMPLE]):
        yield "The word index does not find what the table holds."
