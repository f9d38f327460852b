"""The indices of a table: of words, of columns and of vectors."""

from typing import Any

from gardener_core.search.columns import VECTOR
from gardener_core.search.lance import FTS, Bitmap, BTree, IvfRq
from gardener_core.search.lance_errors import lance_errors
from gardener_core.search.terms import TERM_LIMIT

MANY_VECTORS = 100_000  # below it, comparing all of them is exact and fast enough
# Our terms are final: LanceDB only has to split them at the blanks.
WORDS = FTS(
    base_tokenizer="whitespace",
    stem=False,
    remove_stop_words=False,
    lower_case=False,
    ascii_folding=False,
    max_token_length=TERM_LIMIT,
)


class TableIndices:
    """Builds and drops the indices of one LanceDB table."""

    def __init__(self, table: Any) -> None:
        self._table = table

    @lance_errors()
    def build(self, column: str, config: Any) -> None:
        """Build one index."""
        self._table.create_index(column, config=config)

    @lance_errors()
    def build_missing(self, rows: int) -> None:
        """Build what a table of so many rows should have and has not."""
        present = self._names()
        if "terms_idx" not in present:
            self.build("terms", WORDS)
            self.build("id", BTree())
            self.build("path", BTree())
            for column in ("lang", "kind", "role"):
                self.build(column, Bitmap())
        if rows >= MANY_VECTORS and "vector_idx" not in present:
            self.build(VECTOR, IvfRq(distance_type="cosine"))

    @lance_errors()
    def drop_all(self) -> None:
        """Drop every index."""
        for name in self._names():
            self._table.drop_index(name)

    def _names(self) -> list[str]:
        return [index.name for index in self._table.list_indices()]
