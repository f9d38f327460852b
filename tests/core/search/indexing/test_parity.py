"""The table ranks words as our own BM25 does, and a name finds its symbol first."""

import importlib.util
import shutil
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from gardener_core.code.workers import ReadingPool
from gardener_core.search.embedders.static import load_static
from gardener_core.search.indexing.update import refresh
from gardener_core.search.rows import add_rows
from gardener_core.search.scan import bm25
from gardener_core.search.search import search
from gardener_core.search.table import ChunkTable
from gardener_core.search.terms import terms_of_question
from gardener_core.store.project.catalog import Catalog

EMBEDDER = load_static()
PACKAGES = ("click", "requests", "httpx", "rich")
MOST_NAMES = 400


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> ChunkTable:
    """Packages that are installed beside this one."""
    folder = tmp_path_factory.mktemp("packages")
    for name in PACKAGES:
        spec = importlib.util.find_spec(name)
        if spec and spec.origin:
            shutil.copytree(Path(spec.origin).parent, folder / "code" / name)
    table = ChunkTable.open_or_create(folder / "index", EMBEDDER)
    with ReadingPool(folder / "code", 2, finish=add_rows) as pool:
        list(refresh(folder / "code", Catalog(folder / "c.db"), table, EMBEDDER, pool))
    return table


def mean_reciprocal_rank(found: Sequence[Sequence[str]], wanted: Sequence[str]) -> float:
    ranks = [list(ids[:10]).index(key) + 1 if key in ids[:10] else 0 for ids, key in
             zip(found, wanted, strict=True)]  # fmt: skip
    return sum(1 / rank for rank in ranks if rank) / len(ranks)


@pytest.mark.long
def test_word_index_ranks_as_our_own_bm25(table: ChunkTable) -> None:
    rows = sorted(table.rows_where(100_000, "true"), key=lambda row: row["id"])
    documents = [row["terms"].split() for row in rows]
    asked = [row for row in rows if row["name"] and len(row["text"]) > 300][::12][:60]
    theirs: list[list[str]] = []
    ours: list[list[str]] = []
    for row in asked:
        terms = list(dict.fromkeys(terms_of_question(row["text"][:120])))[:6]
        found = table.by_words(terms, 10)
        theirs.append([hit["id"] for hit in found])
        scores = bm25.scores(documents, terms)
        best = sorted(range(len(rows)), key=lambda at, s=scores: -s[at])[:10]  # type: ignore[misc]
        ours.append([rows[at]["id"] for at in best])
    wanted = [row["id"] for row in asked]
    difference = mean_reciprocal_rank(theirs, wanted) - mean_reciprocal_rank(ours, wanted)
    assert len(asked) == 60 and abs(difference) <= 0.005


@pytest.mark.long
def test_a_bare_name_finds_its_symbol_first(table: ChunkTable) -> None:
    rows: list[dict[str, Any]] = table.rows_where(100_000, "role = 'code' AND part = 0")
    often = Counter(row["name"] for row in rows)
    names = sorted(
        {
            row["name"]
            for row in rows
            if row["kind"] in ("function", "method", "class")
            and often[row["name"]] <= 2
            and len(row["name"]) > 5
            and "_" in row["name"].strip("_")
        }
    )[:MOST_NAMES]
    assert len(names) >= 300
    first = [search(table, EMBEDDER, name, 1).hits[0].symbol.rpartition(".")[2] for name in names]
    hit = sum(found == name for found, name in zip(first, names, strict=True))
    assert hit / len(names) >= 0.95
