"""How well rankings answer, on projects of others; fetched once and kept."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from fetching import OutOfReach
from support.quality import (
    QuestionSet,
    Ranks,
    docstring_sets,
    joined,
    missing_answers,
    rank,
    written_sets,
)
from support.rankings import Scores, Sides, grep_like, whole_words, words_of

from gardener_core.recall.embedding import load_static

CACHE = "GARDENER_TEST_CACHE"
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
    words = whole_words(asked.chunks)
    return {
        "grep-like": lambda query: grep_like(asked.chunks, query),
        "whole words": lambda query: words.scores(words_of(query)),
        "our terms": sides.by_words,
        "our terms, corrected": sides.words_corrected,
        "embedder alone": sides.by_meaning,
        "fused": sides.fused,
    }


def measured(sets: list[QuestionSet]) -> dict[str, Ranks]:
    """Every way over every project, the projects' questions as one set."""
    found: dict[str, list[Ranks]] = {}
    for asked in sets:
        for name, scores_of in ways(asked).items():
            found.setdefault(name, []).append(rank(asked, scores_of))
    return {name: joined(ranks) for name, ranks in found.items()}


@pytest.mark.long
def test_thirty_questions(place: Path, keep: Callable[[str, list[str]], None]) -> None:
    sets = fetched(written_sets, place)
    assert sum(len(asked.questions) for asked in sets) == 30
    assert [question for asked in sets for question in missing_answers(asked)] == []
    ranks = measured(sets)
    keep("Thirty questions, reference fusion", [ranks[name].line(name) for name in ranks])
    assert ranks["fused"].mrr() > 0.55
    assert ranks["fused"].recall(10) > 0.8
    assert ranks["fused"].mrr() > ranks["grep-like"].mrr() + 0.12


@pytest.mark.long
def test_docs_find_their_functions(place: Path, keep: Callable[[str, list[str]], None]) -> None:
    sets = fetched(docstring_sets, place)
    assert [question for asked in sets for question in missing_answers(asked)] == []
    ranks = measured(sets)
    keep("Docs removed and asked for, reference fusion", [ranks[name].line(name) for name in ranks])
    assert ranks["fused"].mrr() > 0.5
    assert ranks["fused"].recall(10) > 0.76
    # What the embedder is for: code whose words are not those of the question.
    assert ranks["fused"].mrr() > ranks["our terms, corrected"].mrr() + 0.02
    assert ranks["fused"].mrr() > ranks["whole words"].mrr() + 0.22
