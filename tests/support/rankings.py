"""Ways to rank chunks: plain ones to compare with, and the formula that search is built after."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gardener_core.code.chunks import Chunk
from gardener_core.search.embedders.embedder import Embedder
from gardener_core.search.embedders.static import document_text
from gardener_core.search.terms import (
    SYMBOL_WEIGHT,
    WORD,
    terms_of_path,
    terms_of_question,
    terms_of_text,
)

Scores = NDArray[np.float32]
K1, B = 1.2, 0.75
LISTED = 100
OUTSIDE = -1000.0  # below every score of what is listed
TESTS = re.compile(
    r"(^|/)(tests?|testing|__tests__|spec)(/|$)|(^|/)test_|_test\.|\.(test|spec)\.|conftest"
)
AUXILIARY = re.compile(r"(^|/)(examples?|docs?|benchmarks?|tools?|scripts?|demos?|samples?)(/|$)")
ABOUT_TESTS = re.compile(r"\b(tests?|fixtures?|mocks?|spec)\b", re.I)
WORDS_WEIGHT, LOST_WHERE_DOCUMENTED = 0.6, 0.85
EXACT, ONLY_THE_NAME = 0.3, 1.0
NAME, PATH, TERMS = 0.7, 0.5, 0.9
NO_SYMBOL, PIECE, CLASS, TEST = 1.0, 0.1, 0.6, 1.5
SHORTEST_EXACT_NAME = 4


class Bm25:
    """BM25 over lists of terms."""

    def __init__(self, documents: Sequence[Sequence[str]]) -> None:
        counts = [Counter(document) for document in documents]
        lengths = np.array([len(document) for document in documents], np.float32)
        self._damped = K1 * (1 - B + B * lengths / max(lengths.mean(), 1))
        self._postings: dict[str, list[tuple[int, int]]] = {}
        for at, found in enumerate(counts):
            for term, count in found.items():
                self._postings.setdefault(term, []).append((at, count))

    def scores(self, terms: Sequence[str]) -> Scores:
        """Every document's score for a query."""
        total = len(self._damped)
        scores = np.zeros(total, np.float32)
        for term in terms:
            postings = self._postings.get(term)
            if postings:
                at = np.array([place for place, _ in postings])
                often = np.array([count for _, count in postings], np.float32)
                rarity = np.log(1 + (total - len(at) + 0.5) / (len(at) + 0.5))
                scores[at] += rarity * often * (K1 + 1) / (often + self._damped[at])
        return scores


@dataclass(frozen=True, slots=True)
class Sides:
    """The two lists of search, unfused: by words and by meaning."""

    words: Bm25
    meaning: Scores
    chunks: Sequence[Chunk]
    embedder: Embedder

    @classmethod
    def over(cls, chunks: Sequence[Chunk], embedder: Embedder) -> "Sides":
        words = Bm25([_terms_of(chunk) for chunk in chunks])
        texts = [document_text(chunk.path, chunk.symbol, chunk.text) for chunk in chunks]
        return cls(words, embedder.embed_documents(texts), chunks, embedder)

    def by_words(self, query: str) -> Scores:
        """Our terms, nothing corrected."""
        return self.words.scores(terms_of_question(query))

    def by_meaning(self, query: str) -> Scores:
        """The embedder alone, nothing corrected."""
        return self.meaning @ self.embedder.embed_query(query)

    def words_corrected(self, query: str) -> Scores:
        """What search gives without an embedder."""
        words = self.by_words(query)
        both = WORDS_WEIGHT * scaled(words) + corrections(self.chunks, query)
        return both + outside(top(words))

    def fused(self, query: str, weight: float | None = None) -> Scores:
        """What search gives, or would give with one weight for all."""
        words, meaning = self.by_words(query), self.by_meaning(query)
        if weight is None:
            weight = self.embedder.dense_weight * (
                1 - LOST_WHERE_DOCUMENTED * self._documented(words)
            )
        listed = top(words) | top(meaning)
        both = WORDS_WEIGHT * scaled(words) + weight * scaled(meaning)
        return both + corrections(self.chunks, query) + outside(listed)

    def _documented(self, words: Scores) -> float:
        listed = [int(place) for place in np.flatnonzero(top(words))]
        return sum(bool(self.chunks[place].doc) for place in listed) / max(len(listed), 1)


def whole_words(chunks: Sequence[Chunk]) -> Bm25:
    """BM25 over identifiers as they are written."""
    return Bm25([words_of(chunk.text) for chunk in chunks])


def words_of(text: str) -> list[str]:
    """Whole words in lower case."""
    return [word.lower() for word in WORD.findall(text)]


def top(scores: Scores) -> NDArray[np.bool_]:
    """Which ones a search for the best hundred would list."""
    listed = np.zeros(len(scores), np.bool_)
    listed[np.argsort(-scores, kind="stable")[:LISTED]] = True
    kept: NDArray[np.bool_] = listed & (scores != 0)
    return kept


def scaled(scores: Scores) -> Scores:
    """How far above the list's mean, best = 1; what is not listed gets the list's lowest."""
    listed = scores[top(scores)]
    if not len(listed):
        return np.zeros_like(scores)
    mean, best = listed.mean(), listed.max()
    clipped = np.maximum(scores, listed.min())
    spread: Scores = ((clipped - mean) / max(best - mean, 1e-6)).astype(np.float32)
    return spread


def outside(listed: NDArray[np.bool_]) -> Scores:
    """Takes what no list has out of the ranking."""
    return np.where(listed, 0, OUTSIDE).astype(np.float32)


def corrections(chunks: Sequence[Chunk], query: str) -> Scores:
    """Tests, examples, stubs, classes and pieces go down, what holds the query's terms goes up."""
    words, terms = words_of(query), frozenset(terms_of_question(query))
    test = 0.0 if ABOUT_TESTS.search(query) else TEST
    return np.array(
        [_correction(chunk, words, test) + _shares(chunk, terms) for chunk in chunks], np.float32
    )


def _shares(chunk: Chunk, terms: frozenset[str]) -> float:
    """The shares of the query's terms in the name, the path and all of a chunk."""
    name = chunk.symbol.rpartition(".")[2]
    held = (
        (NAME, terms_of_text(name)),
        (PATH, terms_of_text(chunk.path)),
        (TERMS, _terms_of(chunk)),
    )
    shares = sum(weight * len(terms.intersection(found)) for weight, found in held)
    return shares / max(len(terms), 1)


def _correction(chunk: Chunk, words: Sequence[str], test: float) -> float:
    name = chunk.symbol.rpartition(".")[2].lower()
    named = ONLY_THE_NAME if len(words) == 1 else EXACT
    exact = named if len(name) >= SHORTEST_EXACT_NAME and name in words else 0.0
    piece = (PIECE if chunk.part else 0.0) if chunk.symbol else NO_SYMBOL
    piece += CLASS if chunk.kind == "class" else 0.0
    is_stub = chunk.path.endswith((".pyi", ".d.ts", ".d.cts"))
    stub = 0.5 if is_stub or chunk.text.rstrip().endswith("...") else 0.0
    is_test, is_auxiliary = TESTS.search(chunk.path), AUXILIARY.search(chunk.path)
    return exact - piece - stub - (test if is_test else 0.0) - (0.5 if is_auxiliary else 0.0)


def _terms_of(chunk: Chunk) -> list[str]:
    """The terms of a chunk, weighted as in its table row."""
    symbol = terms_of_text(chunk.symbol) * SYMBOL_WEIGHT
    return [*terms_of_text(chunk.text), *symbol, *terms_of_path(chunk.path)]
