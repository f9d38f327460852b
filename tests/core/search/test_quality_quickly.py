"""Search answers what people ask, on a project that nobody here wrote."""

from collections import deque
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from support.quality import (
    QuestionSet,
    RetrievalQuestion,
    name_questions,
    rank_found,
    sources_of,
    written_questions,
)

from gardener_core.code.workers import ReadingPool
from gardener_core.search.embedders.static import load_static
from gardener_core.search.indexing.update import refresh
from gardener_core.search.search import search
from gardener_core.search.table import ChunkTable
from gardener_core.store.project.catalog import Catalog

IN_ITS_REPOSITORY = "src/click/"
EMBEDDER = load_static()


def installed(question: RetrievalQuestion) -> RetrievalQuestion:
    """A question whose answers stand where the package is installed."""
    answers = ((path.removeprefix(IN_ITS_REPOSITORY), name) for path, name in question.answers)
    return RetrievalQuestion(question.text, frozenset(answers))


@pytest.fixture(scope="module")
def asked() -> QuestionSet:
    questions = [installed(question) for question in written_questions("click")]
    return QuestionSet.over("click", sources_of(Path(click.__file__).parent), questions)


@pytest.fixture(scope="module")
def table(asked: QuestionSet, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ChunkTable]:
    folder = tmp_path_factory.mktemp("click")
    root = asked.lay_out(folder / "sources")
    table = ChunkTable.open_or_create(folder / "index", EMBEDDER)
    with ReadingPool(root, 1) as pool:
        deque(refresh(root, Catalog(folder / "catalog.db"), table, EMBEDDER, pool), maxlen=0)
    yield table


def test_questions_are_answered(asked: QuestionSet, table: ChunkTable) -> None:
    ranks = rank_found(asked, lambda query: search(table, EMBEDDER, query, 20).hits)
    assert len(ranks.ranks) == 10
    assert ranks.mrr() > 0.5 and ranks.recall(10) >= 0.8, ranks.ranks


def test_bare_names_find_their_symbols(asked: QuestionSet, table: ChunkTable) -> None:
    names = QuestionSet("click", (), (), tuple(name_questions(asked.chunks))[:40])
    ranks = rank_found(names, lambda query: search(table, EMBEDDER, query, 5).hits)
    assert len(ranks.ranks) == 40
    assert ranks.recall(1) >= 0.95
