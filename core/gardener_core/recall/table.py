"""The LanceDB table of a project's chunks."""

import hashlib
import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import lancedb
import pyarrow as pa
from lancedb.index import FTS, BTree
from lancedb.query import MatchQuery as _MatchQuery

from gardener_core.atomic import make_folder
from gardener_core.errors import IndexMissing
from gardener_core.reading.chunking import Chunk
from gardener_core.recall.terms import terms_of_chunk

MatchQuery: Any = _MatchQuery  # its stub asks for arguments that have defaults
NAME = "chunks"
MANY_FRAGMENTS = 60
SCHEMA = pa.schema(
    [
        ("id", pa.string()),
        ("path", pa.string()),
        ("lang", pa.string()),
        ("kind", pa.string()),
        ("symbol", pa.string()),
        ("part", pa.int32()),
        ("line_start", pa.int32()),
        ("line_end", pa.int32()),
        ("text", pa.string()),
        ("terms", pa.string()),
    ]
)
# Our terms are final: LanceDB only has to split them at the blanks.
_WORDS = FTS(
    base_tokenizer="whitespace",
    stem=False,
    remove_stop_words=False,
    lower_case=False,
    ascii_folding=False,
    max_token_length=64,
)
_SHOWN = ("path", "lang", "kind", "symbol", "line_start", "line_end", "text", "terms")

os.environ.setdefault("RUST_LOG", "error")  # the library's own chatter


class ChunkTable:
    """One project's chunks, searched by words."""

    def __init__(self, table: Any) -> None:
        self._table = table

    @classmethod
    def open(cls, folder: Path) -> "ChunkTable":
        """Open the table that an index run made."""
        if folder.is_dir():
            connection = lancedb.connect(folder)
            if NAME in connection.list_tables().tables:
                return cls(connection.open_table(NAME))
        raise IndexMissing("This project is not indexed yet.", hint="Run: gardener index NAME")

    @classmethod
    def open_or_make(cls, folder: Path) -> "ChunkTable":
        """Open the table, or make an empty one."""
        make_folder(folder)
        connection = lancedb.connect(folder)
        return cls(connection.create_table(NAME, schema=SCHEMA, exist_ok=True))

    def refresh_view(self) -> None:
        """See what other processes wrote."""
        self._table.checkout_latest()

    def count(self) -> int:
        """How many chunks there are."""
        return int(self._table.count_rows())

    def replace(self, paths: Sequence[str], chunks: Iterable[Chunk]) -> None:
        """Put these chunks in the place of all that the paths had, in one commit."""
        rows = pa.Table.from_pylist(_rows(chunks), SCHEMA)
        if rows.num_rows == 0:
            if paths:
                self._table.delete(_in(paths))
            return
        merge = self._table.merge_insert("id").when_matched_update_all()
        merge = merge.when_not_matched_insert_all()
        if paths:
            merge = merge.when_not_matched_by_source_delete(_in(paths))
        merge.execute(rows)

    def clear(self) -> None:
        """Drop every chunk."""
        self._table.delete("true")

    def settle(self) -> None:
        """Make the word index, and fold small pieces together when there are many."""
        if self.count() == 0:
            return
        if not any(index.name == "terms_idx" for index in self._table.list_indices()):
            self._table.create_index("terms", config=_WORDS)
            self._table.create_index("id", config=BTree())
            self._table.create_index("path", config=BTree())
        elif self._table.stats()["fragment_stats"]["num_fragments"] > MANY_FRAGMENTS:
            self._table.optimize()

    def by_words(self, terms: Sequence[str], limit: int) -> list[dict[str, Any]]:
        """The best rows for these terms, scored by BM25."""
        query = self._table.search(MatchQuery(" ".join(terms), "terms"), query_type="fts")
        rows: list[dict[str, Any]] = query.limit(limit).select([*_SHOWN, "_score"]).to_list()
        return rows


def _rows(chunks: Iterable[Chunk]) -> list[dict[str, Any]]:
    seen: dict[tuple[object, ...], int] = {}
    rows = []
    for chunk in chunks:
        key = (chunk.path, chunk.symbol, chunk.kind, chunk.part)
        ordinal = seen[key] = seen.get(key, -1) + 1
        rows.append(
            {
                "id": _id(*key, ordinal),
                "path": chunk.path,
                "lang": chunk.language,
                "kind": chunk.kind,
                "symbol": chunk.symbol,
                "part": chunk.part,
                "line_start": chunk.start_line,
                "line_end": chunk.end_line,
                "text": chunk.text,
                "terms": " ".join(terms_of_chunk(chunk.path, chunk.symbol, chunk.text)),
            }
        )
    return rows


def _id(*parts: object) -> str:
    joined = "\0".join(map(str, parts)).encode()
    return hashlib.blake2b(joined, digest_size=16).hexdigest()


def _in(paths: Sequence[str]) -> str:
    quoted = ", ".join("'" + path.replace("'", "''") + "'" for path in paths)
    return f"path IN ({quoted})"
