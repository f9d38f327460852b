"""Rank texts by counted words, as with grep."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from gardener_core.search.terms import WORD, terms_of_question, terms_of_text

WORD_SCORE = 1000  # one more word in a text outweighs any number of one word
MAX_COUNT = 999


class Grep:
    """How many of a query's words each text contains, then how often."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._texts = [text.lower() for text in texts]
        self._counts: dict[str, NDArray[np.float32]] = {}

    def scores(self, query: str) -> NDArray[np.float32]:
        """A score a text; stop words do not count."""
        informative = set(terms_of_question(query))
        words = {word.lower() for word in WORD.findall(query)}
        found = np.zeros(len(self._texts), np.float32)
        often = np.zeros(len(self._texts), np.float32)
        for word in sorted(words):
            if informative.isdisjoint(terms_of_text(word)):
                continue
            counts = self._count(word)
            found += counts > 0
            often += counts
        scores: NDArray[np.float32] = found * WORD_SCORE + np.minimum(often, MAX_COUNT)
        return scores

    def _count(self, word: str) -> NDArray[np.float32]:
        if word not in self._counts:
            counts = [text.count(word) for text in self._texts]
            self._counts[word] = np.array(counts, np.float32)
        return self._counts[word]
