"""The built-in embedder: the sum of a vector for each term."""

from collections import Counter
from collections.abc import Sequence
from importlib.resources import files
from pathlib import PurePosixPath

import numpy as np
from numpy.typing import NDArray

from gardener_core.search.embedders.choice import STATIC, STATIC_WEIGHT, EmbedderChoice
from gardener_core.search.embedders.static_table import StaticTable
from gardener_core.search.terms import terms_of_question, terms_of_text

MOST_TERMS = 96
_PATH_PARTS = 2


def document_text(path: str, symbol: str, text: str) -> str:
    """The text of a chunk for the static embedder: its path, symbol and code."""
    return " ".join([place_of(path), symbol, text])


def place_of(path: str) -> str:
    """The last parts of a path, without the suffix."""
    return " ".join(PurePosixPath(path).with_suffix("").parts[-_PATH_PARTS:])


class StaticEmbedder:
    """Adds up a vector for every term; needs no model, and takes microseconds."""

    name = STATIC
    choice = EmbedderChoice()
    max_characters = 20_000
    dense_weight = STATIC_WEIGHT

    def __init__(self, table: StaticTable) -> None:
        self._table = table
        self._rows = {term: row for row, term in enumerate(table.terms)}
        self._query_weights = table.query_weights * table.scales
        self._document_weights = table.document_weights * table.scales
        self.dimensions = table.vectors.shape[1]

    @property
    def terms(self) -> Sequence[str]:
        """The known terms, the most frequent first."""
        return self._table.terms

    def embed_documents(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """A row for each document."""
        return self.embed_terms([terms_of_text(text[: self.max_characters]) for text in texts])

    def embed_terms(self, texts: Sequence[Sequence[str]]) -> NDArray[np.float32]:
        """The same for documents whose terms are known."""
        embedded = np.zeros((len(texts), self.dimensions), np.float32)
        for row, terms in enumerate(texts):
            embedded[row] = self._sum(terms, self._document_weights)
        return embedded

    def embed_query(self, text: str) -> NDArray[np.float32]:
        """The vector of a query."""
        return self._sum(terms_of_question(text[: self.max_characters]), self._query_weights)

    def close(self) -> None:
        """Nothing to release."""

    def _sum(self, terms: Sequence[str], weights: NDArray[np.float32]) -> NDArray[np.float32]:
        known = {
            row: count
            for term, count in Counter(terms).items()
            if (row := self._rows.get(term)) is not None
        }
        if len(known) > MOST_TERMS:
            known = dict(Counter(known).most_common(MOST_TERMS))
        rows = np.fromiter(known, np.intp, len(known))
        counts = np.fromiter(known.values(), np.float32, len(known))
        added = (np.log1p(counts) * weights[rows]) @ self._table.vectors[rows].astype(np.float32)
        length = float(np.linalg.norm(added))
        embedded: NDArray[np.float32] = added / length if length else added
        return embedded


def load_static() -> StaticEmbedder:
    """Load the embedder that comes with the program."""
    data = files("gardener_core.search.embedders").joinpath(f"data/{STATIC}.npz").read_bytes()
    return StaticEmbedder(StaticTable.from_bytes(data))
