"""Question sets over real projects, and how well a ranking answers them."""

import json
import random
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np
from fetching import fetch

from gardener_core.code.chunks import Chunk, chunk_file
from gardener_core.code.docs.documented import LANGUAGE_OF_SUFFIX, without_docs
from gardener_core.code.files.listing import SourceText, list_files, read_file
from gardener_core.code.roles import role_of
from gardener_core.events.index import Hit
from gardener_core.search.measuring.mrr import NOWHERE, AnswerRanks, RankScores
from gardener_core.search.measuring.questions import RetrievalQuestion, doc_questions
from support.rankings import OUTSIDE, Scores

SETS = Path(__file__).parents[1] / "long" / "questions.json"
MORE_SETS = SETS.with_name("more_questions.json")
BUILT = "dist/"  # what a packager made of the sources; every symbol stands there again
CODE = frozenset({*LANGUAGE_OF_SUFFIX, ".pyi", ".tsx", ".jsx", ".cts"})
NAMES_A_PROJECT = 80
SHORTEST_NAME = 6
_COMPOUND = re.compile(r"[A-Za-z]_[A-Za-z]|[a-z][A-Z]")

Symbol = tuple[str, str]


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """Questions over the chunks of one project."""

    project: str
    sources: tuple[SourceText, ...]
    chunks: tuple[Chunk, ...]
    questions: tuple[RetrievalQuestion, ...]

    @classmethod
    def over(
        cls, project: str, sources: Iterable[SourceText], questions: Iterable[RetrievalQuestion]
    ) -> "QuestionSet":
        """Questions over sources as an index would cut them."""
        read = tuple(sources)
        chunks = tuple(chunk for source in read for chunk in chunk_file(source))
        return cls(project, read, chunks, tuple(questions))

    def lay_out(self, folder: Path) -> Path:
        """Write the sources down, to be indexed."""
        for source in self.sources:
            path = folder / source.path
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(source.raw)
        return folder


def written_sets(place: Path, half: str = "") -> list[QuestionSet]:
    """The thirty questions by project, or a half of the sixty that came later."""
    sets = _sets(SETS if not half else MORE_SETS)
    found = []
    for project in sorted({each["project"] for each in sets["questions"]}):
        if sets["projects"][project].get("half", "") != half:
            continue
        folder = _fetched(sets, place, project)
        questions = _questions(sets, project)
        found.append(QuestionSet.over(project, sources_of(folder), questions))
    return found


def written_questions(project: str) -> list[RetrievalQuestion]:
    """Those of the thirty that are about one project."""
    return list(_questions(_sets(SETS), project))


def docstring_sets(place: Path, sets_file: Path = SETS) -> list[QuestionSet]:
    """First sentences of docs as questions, over files from which all docs were cut out."""
    sets = _sets(sets_file)
    found = []
    for project in sets["docstrings"]:
        folder = _fetched(sets, place, project)
        questions = doc_questions(sources_of(folder))
        found.append(QuestionSet.over(project, bare_sources_of(folder), questions))
    return found


def name_sets(place: Path) -> list[QuestionSet]:
    """Bare names as questions, over both sets' projects; at most two symbols have such a name."""
    found = []
    for sets in (_sets(SETS), _sets(MORE_SETS)):
        for project in sets["projects"]:
            asked = QuestionSet.over(project, sources_of(_fetched(sets, place, project)), ())
            found.append(replace(asked, questions=tuple(name_questions(asked.chunks))))
    return found


def name_questions(chunks: Sequence[Chunk]) -> Iterator[RetrievalQuestion]:
    """A sample of the names of code that is no test."""
    symbols: dict[str, set[Symbol]] = {}
    for chunk in chunks:
        symbols.setdefault(chunk.name, set()).add((chunk.path, chunk.symbol))
    often = Counter(chunk.name for chunk in chunks)
    names = {
        chunk.name
        for chunk in chunks
        if chunk.kind in ("function", "method", "class")
        and often[chunk.name] <= 2
        and len(chunk.name) >= SHORTEST_NAME
        and _COMPOUND.search(chunk.name)
        and role_of(chunk.path) == "code"
    }
    draw = random.Random(0)
    for name in draw.sample(sorted(names), min(NAMES_A_PROJECT, len(names))):
        yield RetrievalQuestion(name, frozenset(symbols[name]))


def sources_of(folder: Path) -> Iterator[SourceText]:
    """A project's code, its tests among it."""
    for path in list_files(folder):
        if PurePosixPath(path).suffix in CODE and not path.startswith(BUILT):
            source = read_file(folder, path)
            if isinstance(source, SourceText):
                yield source


def bare_sources_of(folder: Path) -> Iterator[SourceText]:
    """The same without docs."""
    for source in sources_of(folder):
        yield replace(source, raw=without_docs(source.path, source.raw))


def rank(sets: QuestionSet, scores_of: Callable[[str], Scores]) -> RankScores:
    """Where a ranking has the best answer, a symbol standing where its best chunk stands."""
    places = AnswerRanks([_key(chunk) for chunk in sets.chunks])
    ranks = [
        places.rank(scores_of(question.text), question.answers, OUTSIDE / 2)
        for question in sets.questions
    ]
    return RankScores(np.array(ranks))


def rank_found(sets: QuestionSet, search: Callable[[str], Sequence[Hit]]) -> RankScores:
    """Where a search that gives hits in order has the best answer."""
    ranks = []
    for question in sets.questions:
        found = dict.fromkeys(_place_of(hit) for hit in search(question.text))
        at = [rank for rank, key in enumerate(found, start=1) if key[:2] in question.answers]
        ranks.append(at[0] if at else NOWHERE)
    return RankScores(np.array(ranks))


def missing_answers(sets: QuestionSet) -> list[RetrievalQuestion]:
    """Questions whose answers no chunk is named after."""
    known = {(chunk.path, chunk.symbol) for chunk in sets.chunks}
    return [question for question in sets.questions if not known & question.answers]


def _key(chunk: Chunk) -> tuple[str, str, int]:
    return chunk.path, chunk.symbol, 0 if chunk.symbol else chunk.part


def _place_of(hit: Hit) -> tuple[str, str, int]:
    return hit.path, hit.symbol, 0 if hit.symbol else hit.start_line


def _symbol(text: str) -> Symbol:
    path, _, symbol = text.partition("::")
    return path, symbol


def _questions(sets: Any, project: str) -> Iterator[RetrievalQuestion]:
    for each in sets["questions"]:
        if each["project"] == project:
            yield RetrievalQuestion(each["question"], frozenset(map(_symbol, each["answers"])))


def _sets(file: Path) -> Any:
    return json.loads(file.read_text())


def _fetched(sets: Any, place: Path, project: str) -> Path:
    about = sets["projects"][project]
    return fetch(place, about["kind"], project, about["version"])
