"""The LanceDB table of a project's chunks."""

import hashlib
import os
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import lancedb
import numpy as np
import pyarrow as pa
from lancedb.index import FTS, Bitmap, BTree, IvfRq
from lancedb.query import MatchQuery as _MatchQuery
from numpy.typing import NDArray

from gardener_core.atomic import make_folder
from gardener_core.errors import IndexMissing
from gardener_core.reading.roles import role_of
from gardener_core.reading.worker import FileRead
from gardener_core.recall.embedding import Embedder, document_text
from gardener_core.recall.terms import terms_of_chunk

MatchQuery: Any = _MatchQuery  # its stub asks for arguments that have defaults
NAME = "chunks"
EMBEDDER_KEY = "embedder"
MANY_FRAGMENTS = 60
MANY_VECTORS = 100_000
REFINE = 10  # an index of short codes: so many times more rows are compared exactly
_COLUMNS = pa.schema(
    [
        ("id", pa.string()),
        ("path", pa.string()),
        ("lang", pa.string()),
        ("kind", pa.string()),
        ("role", pa.string()),
        ("symbol", pa.string()),
        ("name", pa.string()),
        ("signature", pa.string()),
        ("doc", pa.string()),
        ("cx", pa.int32()),
        ("changed", pa.float64()),
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
_SHOWN = (
    "id", "path", "lang", "kind", "role", "symbol", "name", "doc", "part", "line_start",
    "line_end", "text", "terms",
)  # fmt: skip

os.environ.setdefault("RUST_LOG", "error")  # the library's own chatter


class ChunkTable:
    """One project's chunks, searched by words and by meaning."""

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
    def open_or_make(cls, folder: Path, embedder: Embedder) -> "ChunkTable":
        """Open the table, or make an empty one; one of another shape or embedder is made anew."""
        make_folder(folder)
        connection = lancedb.connect(folder)
        schema = _schema(embedder)
        mode = "create"
        if NAME in connection.list_tables().tables:
            mode = "overwrite"
            table = connection.open_table(NAME)
            same_shape = table.schema.equals(schema, check_metadata=False)
            if same_shape and _made_for(table) == embedder.name:
                return cls(table)
        return cls(connection.create_table(NAME, schema=schema, mode=mode))

    def refresh_view(self) -> None:
        """See what other processes wrote."""
        self._table.checkout_latest()

    def count(self) -> int:
        """How many chunks there are."""
        return int(self._table.count_rows())

    def replace(self, paths: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> None:
        """Put these rows in the place of all that the paths had, in one commit."""
        if not rows:
            if paths:
                self._table.delete(_in(paths))
            return
        merge = self._table.merge_insert("id").when_matched_update_all()
        merge = merge.when_not_matched_insert_all()
        if paths:
            merge = merge.when_not_matched_by_source_delete(_in(paths))
        merge.execute(pa.Table.from_pylist(list(rows), self._table.schema))

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
            for column in ("lang", "kind", "role"):
                self._table.create_index(column, config=Bitmap())
        self._index_vectors()
        if self._table.stats()["fragment_stats"]["num_fragments"] > MANY_FRAGMENTS:
            self._table.optimize()

    def _index_vectors(self) -> None:
        """Below a hundred thousand vectors looking at all of them is exact and fast enough."""
        missing = not any(index.name == "vector_idx" for index in self._table.list_indices())
        if missing and self.count() >= MANY_VECTORS:
            self._table.create_index("vector", config=IvfRq(distance_type="cosine"))

    def by_words(
        self, terms: Sequence[str], limit: int, condition: str = ""
    ) -> list[dict[str, Any]]:
        """The best rows for these terms, scored by BM25 in `_score`."""
        query = self._table.search(MatchQuery(" ".join(terms), "terms"), query_type="fts")
        return _rows_of(query, limit, condition, "_score")

    def by_meaning(
        self, vector: NDArray[np.float32], limit: int, condition: str = ""
    ) -> list[dict[str, Any]]:
        """The nearest rows, with the cosine in `_similarity`."""
        query = self._table.search(vector, vector_column_name="vector").distance_type("cosine")
        query = query.refine_factor(REFINE)
        rows = _rows_of(query, limit, condition, "_distance")
        return [{**row, "_similarity": 1.0 - row["_distance"]} for row in rows]

    def any_rows(self, limit: int, condition: str) -> list[dict[str, Any]]:
        """Rows that fit a condition, in the order of their places."""
        rows = _rows_of(self._table.search(), limit, condition, "")
        return sorted(rows, key=lambda row: (row["path"], row["line_start"]))


def rows_of_file(read: FileRead, changed: float, embedder: Embedder) -> list[dict[str, Any]]:
    """What the table holds of a file."""
    seen: Counter[tuple[object, ...]] = Counter()
    chunks = read.chunks
    texts = [document_text(chunk.path, chunk.symbol, chunk.text) for chunk in chunks]
    role = role_of(read.path)
    rows = []
    for chunk, vector in zip(chunks, embedder.embed_documents(texts), strict=True):
        key = (chunk.path, chunk.symbol, chunk.kind, chunk.part)
        rows.append(
            {
                "id": _id(*key, seen[key]),
                "path": chunk.path,
                "lang": chunk.language,
                "kind": chunk.kind,
                "role": role,
                "symbol": chunk.symbol,
                "name": chunk.name,
                "signature": chunk.signature,
                "doc": chunk.doc,
                "cx": chunk.complexity,
                "changed": changed,
                "part": chunk.part,
                "line_start": chunk.start_line,
                "line_end": chunk.end_line,
                "text": chunk.text,
                "terms": " ".join(terms_of_chunk(chunk.path, chunk.symbol, chunk.text)),
                "vector": vector,
            }
        )
        seen[key] += 1
    return rows


def _rows_of(query: Any, limit: int, condition: str, column: str) -> list[dict[str, Any]]:
    if condition:
        query = query.where(condition, prefilter=True) if column else query.where(condition)
    columns = [*_SHOWN, column] if column else list(_SHOWN)
    rows: list[dict[str, Any]] = query.limit(limit).select(columns).to_list()
    return rows


def _schema(embedder: Embedder) -> pa.Schema:
    vector = pa.field("vector", pa.list_(pa.float32(), embedder.dimensions))
    return _COLUMNS.append(vector).with_metadata({EMBEDDER_KEY: embedder.name})


def _made_for(table: Any) -> str:
    """The embedder whose vectors a table holds."""
    metadata = table.schema.metadata or {}
    return str(metadata.get(EMBEDDER_KEY.encode(), b"").decode())


def _id(*parts: object) -> str:
    joined = "\0".join(map(str, parts)).encode()
    return hashlib.blake2b(joined, digest_size=16).hexdigest()


def _in(paths: Sequence[str]) -> str:
    quoted = ", ".join("'" + path.replace("'", "''") + "'" for path in paths)
    return f"path IN ({quoted})"
