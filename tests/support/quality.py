"""Question sets over real projects, and how well a ranking answers them."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import numpy as np
from fetching import fetch
from numpy.typing import NDArray

from gardener_core.nursery.documented import (
    LANGUAGE_OF_SUFFIX,
    code_without_doc,
    documented,
    without_docs,
)
from gardener_core.nursery.mining import SHORTEST_CODE_CHARACTERS, first_sentence, is_telling
from gardener_core.reading.chunking import Chunk, chunk_file
from gardener_core.reading.files import SourceText, list_files, read_file
from support.rankings import OUTSIDE, TESTS, Scores

SETS = Path(__file__).parents[1] / "long" / "questions.json"
BUILT = "dist/"  # what a packager made of the sources; every symbol stands there again
CODE = frozenset({*LANGUAGE_OF_SUFFIX, ".pyi", ".tsx", ".jsx", ".cts"})
NOWHERE = 1_000_000.0
RESAMPLES = 2_000
CONFIDENCE = 95

Symbol = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, and the symbols that answer it."""

    text: str
    answers: frozenset[Symbol]


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """Questions over the chunks of one project."""

    project: str
    chunks: tuple[Chunk, ...]
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Ranks:
    """The rank of the best answer to each question, by symbols."""

    ranks: NDArray[np.float64]

    def mrr(self) -> float:
        """The mean of 1/rank, nothing from rank 11 on."""
        return float(self._reciprocal().mean())

    def recall(self, within: int) -> float:
        """The share of questions that were answered so early."""
        return float((self.ranks <= within).mean())

    def interval(self) -> tuple[float, float]:
        """Where the mean lies in 95 of 100 draws of as many questions."""
        chance = np.random.default_rng(0)
        values = self._reciprocal()
        means = chance.choice(values, (RESAMPLES, len(values))).mean(axis=1)
        tail = (100 - CONFIDENCE) / 2
        low, high = np.percentile(means, [tail, 100 - tail])
        return float(low), float(high)

    def line(self, name: str) -> str:
        """All of it for a report."""
        low, high = self.interval()
        recalls = " ".join(f"{self.recall(k):.3f}" for k in (1, 5, 10))
        return (
            f"- {name}: MRR@10 {self.mrr():.3f} ({low:.3f}-{high:.3f}), "
            f"recall@1/5/10 {recalls}, n {len(self.ranks)}"
        )

    def _reciprocal(self) -> NDArray[np.float64]:
        return np.where(self.ranks <= 10, 1 / self.ranks, 0.0)


def written_sets(place: Path) -> list[QuestionSet]:
    """The thirty questions, by project."""
    sets = json.loads(SETS.read_text())
    found = []
    for project in sorted({each["project"] for each in sets["questions"]}):
        questions = tuple(
            Question(each["question"], frozenset(_symbol(text) for text in each["answers"]))
            for each in sets["questions"]
            if each["project"] == project
        )
        folder = _fetched(sets, place, project)
        found.append(QuestionSet(project, tuple(chunks_of(folder)), questions))
    return found


def docstring_sets(place: Path) -> list[QuestionSet]:
    """First sentences of docs as questions, over files from which all docs were cut out."""
    sets = json.loads(SETS.read_text())
    found = []
    for project in sets["docstrings"]:
        folder = _fetched(sets, place, project)
        bare = tuple(chunks_of(folder, keep_docs=False))
        found.append(QuestionSet(project, bare, tuple(docstring_questions(folder))))
    return found


def chunks_of(folder: Path, *, keep_docs: bool = True) -> Iterator[Chunk]:
    """What an index of the project's code would hold; its tests are in it."""
    for source in _sources(folder):
        language = LANGUAGE_OF_SUFFIX.get(PurePosixPath(source.path).suffix)
        if not keep_docs and language:
            bare = without_docs(source.raw, language)
            source = SourceText(source.path, bare, source.encoding)
        yield from chunk_file(source)


def docstring_questions(folder: Path) -> Iterator[Question]:
    """A question for each telling first sentence that only one function has."""
    told: dict[str, set[Symbol]] = {}
    for source in _sources(folder):
        language = LANGUAGE_OF_SUFFIX.get(PurePosixPath(source.path).suffix)
        if language is None or TESTS.search(source.path):
            continue
        for item in documented(source.raw, language):
            sentence = first_sentence(item.doc, item.name)
            is_long = len(code_without_doc(source.raw, item)) >= SHORTEST_CODE_CHARACTERS
            if item.is_function and is_telling(sentence) and is_long:
                told.setdefault(sentence, set()).add((source.path, item.symbol))
    for sentence, symbols in told.items():
        if len(symbols) == 1:
            yield Question(sentence, frozenset(symbols))


def rank(sets: QuestionSet, scores_of: Callable[[str], Scores]) -> Ranks:
    """Where a ranking has the best answer, a symbol standing where its best chunk stands."""
    keys = [_key(chunk) for chunk in sets.chunks]
    numbers = {key: number for number, key in enumerate(dict.fromkeys(keys))}
    groups = np.array([numbers[key] for key in keys])
    ranks = []
    for question in sets.questions:
        best = np.full(len(numbers), -NOWHERE)
        np.maximum.at(best, groups, scores_of(question.text))
        right = [number for key, number in numbers.items() if key[:2] in question.answers]
        ranks.append(_rank_of(best, right))
    return Ranks(np.array(ranks))


def joined(ranks: Sequence[Ranks]) -> Ranks:
    """The questions of several projects as one set."""
    return Ranks(np.concatenate([each.ranks for each in ranks]))


def missing_answers(sets: QuestionSet) -> list[Question]:
    """Questions whose answers no chunk is named after."""
    known = {(chunk.path, chunk.symbol) for chunk in sets.chunks}
    return [question for question in sets.questions if not known & question.answers]


def _rank_of(best: NDArray[np.float64], right: Sequence[int]) -> float:
    """Ties share the mean of their ranks; what is in no list has no rank."""
    if not right or (score := best[list(right)].max()) < OUTSIDE / 2:
        return NOWHERE
    return float(1 + (best > score).sum() + ((best == score).sum() - 1) / 2)


def _key(chunk: Chunk) -> tuple[str, str, int]:
    return chunk.path, chunk.symbol, 0 if chunk.symbol else chunk.part


def _symbol(text: str) -> Symbol:
    path, _, symbol = text.partition("::")
    return path, symbol


def _fetched(sets: dict[str, dict[str, dict[str, str]]], place: Path, project: str) -> Path:
    about = sets["projects"][project]
    return fetch(place, about["kind"], project, about["version"])


def _sources(folder: Path) -> Iterator[SourceText]:
    for path in list_files(folder):
        if PurePosixPath(path).suffix in CODE and not path.startswith(BUILT):
            source = read_file(folder, path)
            if isinstance(source, SourceText):
                yield source
