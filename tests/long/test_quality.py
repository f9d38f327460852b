"""How well rankings answer, on projects of others; fetched once and kept."""

import os
from collections import deque
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import pytest
from fetching import OutOfReach
from support.quality import (
    MORE_SETS,
    SETS,
    QuestionSet,
    docstring_sets,
    missing_answers,
    name_sets,
    rank,
    rank_found,
    written_sets,
)
from support.rankings import Scores, Sides, whole_words, words_of

from gardener_core.code.workers import ReadingPool
from gardener_core.events.index import Hit
from gardener_core.search.embedders.static import load_static
from gardener_core.search.indexing.update import refresh
from gardener_core.search.measuring.grep import Grep
from gardener_core.search.measuring.mrr import RankScores, joined
from gardener_core.search.search import search
from gardener_core.search.table import ChunkTable
from gardener_core.store.project.catalog import Catalog

CACHE = "GARDENER_TEST_CACHE"
FOUND = 100
Keep = Callable[[str, list[str]], None]
Ways = dict[str, Callable[[str], Scores]]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where fetched projects are kept; name a folder in GARDENER_TEST_CACHE to fetch them once."""
    named = os.environ.get(CACHE)
    return Path(named) if named else tmp_path_factory.mktemp("projects")


def fetched(sets: Callable[[Path], list[QuestionSet]], place: Path) -> list[QuestionSet]:
    try:
        return sets(place)
    except OutOfReach as problem:
        pytest.skip(f"wants packages of others: {problem}")


def ways(asked: QuestionSet) -> Ways:
    """The plain rankings, the two sides of ours, and both together."""
    sides = Sides.over(asked.chunks, load_static())
    words, grep = whole_words(asked.chunks), Grep([chunk.text for chunk in asked.chunks])
    return {
        "grep-like": grep.scores,
        "whole words": lambda query: words.scores(words_of(query)),
        "our terms": sides.by_words,
        "our terms, corrected": sides.words_corrected,
        "embedder alone": sides.by_vector,
        "one weight for all": lambda query: sides.fused(query, sides.embedder.dense_weight),
        "reference fusion": sides.fused,
    }


def measured(sets: list[QuestionSet]) -> dict[str, RankScores]:
    """Every way over every project, the projects' questions as one set."""
    found: dict[str, list[RankScores]] = {}
    for asked in sets:
        for name, scores_of in ways(asked).items():
            found.setdefault(name, []).append(rank(asked, scores_of))
    return {name: joined(ranks) for name, ranks in found.items()}


def searched(sets: list[QuestionSet], folder: Path) -> RankScores:
    """The program's own search over its own index."""
    embedder = load_static()
    ranks = []
    for asked in sets:
        root = asked.lay_out(folder / asked.project)
        table = ChunkTable.open_or_create(folder / f"{asked.project}.index", embedder)
        catalog = Catalog(folder / f"{asked.project}.db")
        with ReadingPool(root, 1) as pool:
            deque(refresh(root, catalog, table, embedder, pool), maxlen=0)

        def ask(query: str, table: ChunkTable = table) -> Sequence[Hit]:
            return search(table, embedder, query, FOUND).hits

        ranks.append(rank_found(asked, ask))
    return joined(ranks)


def told(ranks: dict[str, RankScores]) -> list[str]:
    """Every way's figures, and how search does against what it is built upon."""
    search, others = ranks["search"], ("our terms, corrected", "one weight for all")
    against = [f"- search against {name}: {search.against(ranks[name])}" for name in others]
    return [*(ranks[name].line(name) for name in ranks), *against]


@pytest.mark.long
def test_thirty_questions(place: Path, tmp_path: Path, keep: Keep) -> None:
    sets = fetched(written_sets, place)
    assert sum(len(asked.questions) for asked in sets) == 30
    assert [question for asked in sets for question in missing_answers(asked)] == []
    ranks = {**measured(sets), "search": searched(sets, tmp_path)}
    keep("Thirty questions", told(ranks))
    assert ranks["search"].mrr() > 0.55
    assert ranks["search"].recall(10) > 0.8
    assert ranks["search"].mrr() > ranks["grep-like"].mrr() + 0.12


@pytest.mark.long
@pytest.mark.parametrize("half", ["choose", "confirm"])
def test_sixty_more_questions(half: str, place: Path, tmp_path: Path, keep: Keep) -> None:
    sets = fetched(partial(written_sets, half=half), place)
    assert sum(len(asked.questions) for asked in sets) == 30
    assert [question for asked in sets for question in missing_answers(asked)] == []
    ranks = {**measured(sets), "search": searched(sets, tmp_path)}
    keep(f"Sixty more questions, half to {half}", told(ranks))
    assert ranks["search"].mrr() > 0.55
    assert ranks["search"].recall(10) > 0.8


@pytest.mark.long
def test_bare_names_find_their_symbols(place: Path, tmp_path: Path, keep: Keep) -> None:
    sets = fetched(name_sets, place)
    ranks = searched(sets, tmp_path)
    keep("Bare names", [ranks.line("search")])
    assert ranks.recall(1) >= 0.95


@pytest.mark.long
@pytest.mark.parametrize("sets_file", [SETS, MORE_SETS], ids=["first", "second"])
def test_docs_find_their_functions(
    sets_file: Path, place: Path, tmp_path: Path, keep: Keep
) -> None:
    sets = fetched(partial(docstring_sets, sets_file=sets_file), place)
    assert [question for asked in sets for question in missing_answers(asked)] == []
    ranks = {**measured(sets), "search": searched(sets, tmp_path)}
    projects = ", ".join(asked.project for asked in sets)
    keep(f"Docs removed and asked for: {projects}", told(ranks))
    assert ranks["search"].mrr() > 0.5
    assert ranks["search"].recall(10) > 0.74
    # What the embedder is for: code whose words are not those of the question.
    assert ranks["search"].mrr() > ranks["our terms, corrected"].mrr() + 0.02
    assert ranks["search"].mrr() > ranks["whole words"].mrr() + 0.22
