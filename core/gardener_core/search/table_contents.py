"""What a table holds of a file, a symbol, a word."""

from typing import Any

from gardener_core.search.lance import MatchQuery
from gardener_core.search.lance_errors import lance_errors

MOST_CHUNKS_OF_A_FILE = 100_000
_MENTION = ("path", "symbol", "role", "line_start", "text")


class TableContents:
    """Reads the chunks of one LanceDB table without ranking them."""

    def __init__(self, table: Any) -> None:
        self._table = table

    @lance_errors()
    def count_term(self, term: str, most: int) -> int:
        """In how many chunks a term occurs, counted up to a limit."""
        query = self._table.search(MatchQuery(term, "terms"), query_type="fts")
        return int(query.limit(most).select(["part", "_score"]).to_arrow().num_rows)

    @lance_errors()
    def text_of_file(self, path: str) -> str:
        """A file as it was indexed, its secrets hidden."""
        query = self._table.search().where(f"path = {_quoted(path)}")
        rows = query.limit(MOST_CHUNKS_OF_A_FILE).select(["line_start", "part", "text"]).to_list()
        rows.sort(key=lambda row: (row["line_start"], row["part"]))
        return "".join(row["text"] for row in rows)

    @lance_errors()
    def doc_of(self, path: str, symbol: str) -> str:
        """The documentation of a symbol; empty where it has none."""
        condition = f"path = {_quoted(path)} AND symbol = {_quoted(symbol)}"
        rows = self._table.search().where(condition).limit(MOST_CHUNKS_OF_A_FILE).select(["doc"])
        return next((row["doc"] for row in rows.to_list() if row["doc"]), "")

    @lance_errors()
    def rows_with(self, text: str, most: int) -> list[dict[str, Any]]:
        """Chunks whose text contains this, in code first."""
        query = self._table.search().where(f"contains(text, {_quoted(text)})").limit(most)
        rows: list[dict[str, Any]] = query.select(list(_MENTION)).to_list()
        return sorted(rows, key=lambda row: (row["role"], row["path"], row["line_start"]))


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
