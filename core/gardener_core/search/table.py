"""The LanceDB table of a project's chunks."""

import os
import shutil
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gardener_core.errors import IndexBroken, IndexMissing, Remedy
from gardener_core.events.index import Settled
from gardener_core.search.columns import (
    VECTOR,
    arrow,
    choice_in,
    embedder_name,
    is_current,
    norms,
    schema_for,
)
from gardener_core.search.embedders.choice import EmbedderChoice
from gardener_core.search.embedders.embedder import Embedder
from gardener_core.search.lance import MatchQuery, lancedb
from gardener_core.search.lance_errors import lance_errors
from gardener_core.search.live_table import live_table_name, new_table_name, set_live_table
from gardener_core.search.table_contents import TableContents
from gardener_core.search.table_indices import TableIndices
from gardener_core.search.table_versions import CompactionPolicy, TableVersions
from gardener_core.system.files.atomic import make_folder

MANY_ROWS = 1000
REFINE = 10  # an index of short codes: so many times more rows are compared exactly
_COLUMNS = (
    "id", "path", "lang", "kind", "role", "symbol", "name", "doc", "part", "line_start",
    "line_end", "text", "terms",
)  # fmt: skip

_NO_VECTOR = f"{VECTOR} IS NULL"

os.environ.setdefault("RUST_LOG", "error")  # the library's own chatter


class ChunkTable:
    """One project's chunks, searched by words and by meaning."""

    def __init__(self, table: Any) -> None:
        self.indices = TableIndices(table)
        self.versions = TableVersions(table)
        self.contents = TableContents(table)
        self._table = table

    @classmethod
    @lance_errors()
    def open(cls, folder: Path) -> "ChunkTable":
        """Open the table that an index run made."""
        if folder.is_dir():
            connection = lancedb.connect(folder)
            name = live_table_name(folder)
            if name in connection.list_tables().tables:
                return cls(connection.open_table(name))
        raise IndexMissing("This project is not indexed yet.", remedy=Remedy("index"))

    @classmethod
    def open_or_create(cls, folder: Path, embedder: Embedder) -> "ChunkTable":
        """Open the table, or replace one that does not fit by an empty one.

        One that cannot be read does not fit either: its rows can be made from the files again.
        """
        try:
            table = cls.open(folder)
            if table.fits(embedder):
                return table
        except (IndexMissing, IndexBroken):
            pass
        return cls.recreate(folder, embedder)

    @classmethod
    @lance_errors()
    def recreate(cls, folder: Path, embedder: Embedder) -> "ChunkTable":
        """An empty table in the place of whatever is there."""
        if folder.is_dir() and not folder.is_symlink():
            shutil.rmtree(folder)
        else:
            folder.unlink(missing_ok=True)
        make_folder(folder)
        return cls._create(folder, live_table_name(folder), embedder)

    @classmethod
    @lance_errors()
    def create_aside(cls, folder: Path, embedder: Embedder) -> "ChunkTable":
        """An empty table beside the live one."""
        return cls._create(folder, new_table_name(), embedder)

    @classmethod
    def _create(cls, folder: Path, name: str, embedder: Embedder) -> "ChunkTable":
        return cls(lancedb.connect(folder).create_table(name, schema=schema_for(embedder)))

    @lance_errors()
    def publish(self, folder: Path) -> None:
        """Make this the live table at once, and drop all others."""
        set_live_table(folder, self.name)
        self.drop_others(folder)

    @lance_errors()
    def drop_others(self, folder: Path) -> None:
        """Drop all other tables, such as one that was never finished."""
        connection = lancedb.connect(folder)
        for name in connection.list_tables().tables:
            if name != self.name:
                connection.drop_table(name)

    @property
    def name(self) -> str:
        """The name of the table in its folder."""
        return str(self._table.name)

    @property
    def version(self) -> int:
        """A number that moves with every change."""
        return int(self._table.version)

    @property
    def embedder_name(self) -> str:
        """The name of the embedder that made its vectors."""
        return embedder_name(self._table.schema)

    @property
    def choice(self) -> EmbedderChoice:
        """How to open that embedder."""
        return choice_in(self._table.schema)

    @property
    def is_current(self) -> bool:
        """Whether it has the columns of this version, whatever embedder it has."""
        return is_current(self._table.schema)

    @lance_errors()
    def fits(self, embedder: Embedder) -> bool:
        """Whether it has the columns of this version and the vectors of this embedder."""
        same_shape = self._table.schema.equals(schema_for(embedder), check_metadata=False)
        return bool(same_shape) and self.embedder_name == embedder.name

    def all_rows(self) -> Iterator[dict[str, Any]]:
        """Every row and the norm of its vector, read without an index."""
        with lance_errors():
            for batch in self._table.search().to_batches():
                rows = batch.drop_columns([VECTOR]).to_pylist()
                for row, norm in zip(rows, norms(batch.column(VECTOR)), strict=True):
                    yield {**row, "norm": norm}

    @lance_errors()
    def refresh(self) -> None:
        """See what other processes wrote."""
        self._table.checkout_latest()

    @lance_errors()
    def count(self, condition: str = "") -> int:
        """How many chunks there are, or fit a condition."""
        return int(self._table.count_rows(condition or None))

    @lance_errors()
    def replace(self, paths: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> None:
        """Replace all rows of these paths, in one commit."""
        if not rows:
            if paths:
                self._table.delete(_in(paths))
            return
        if len(rows) >= MANY_ROWS and not paths and not self._holds(rows):
            # A merge compares all ids: half of the time once there are a hundred thousand.
            self.add(rows)
            return
        merge = self._table.merge_insert("id").when_matched_update_all()
        merge = merge.when_not_matched_insert_all()
        if paths:
            merge = merge.when_not_matched_by_source_delete(_in(paths))
        # To the library, rows without a vector are bad ones.
        merge.execute(arrow(rows, self._table.schema), on_bad_vectors="null")

    def _holds(self, rows: Sequence[Mapping[str, Any]]) -> bool:
        """Whether any file of these rows has rows already, as after a kill."""
        return bool(self._table.count_rows(_in(sorted({row["path"] for row in rows}))))

    @lance_errors()
    def add(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Add rows that are known to be new; ids are not compared."""
        self._table.add(arrow(rows, self._table.schema))

    @lance_errors()
    def clear(self) -> None:
        """Delete every chunk, and the indices: they may be what cannot be read."""
        self.indices.drop_all()
        self._table.delete("true")

    @lance_errors()
    def chunks_by_path(self) -> Counter[str]:
        """How many chunks there are of each file."""
        counts: Counter[str] = Counter()
        for batch in self._table.search().select(["path"]).to_batches():
            counts.update(batch.column("path").to_pylist())
        return counts

    def batches(self, columns: Sequence[str], size: int) -> Iterator[list[dict[str, Any]]]:
        """All rows as they are now, in batches."""
        with lance_errors():
            for batch in self._table.search().select(list(columns)).to_batches(size):
                if batch.num_rows:
                    yield batch.to_pylist()

    @lance_errors()
    def unembedded(self) -> int:
        """How many chunks have no vector yet; words find them."""
        return int(self._table.count_rows(_NO_VECTOR))

    @lance_errors()
    def unembedded_rows(self, most: int) -> list[dict[str, Any]]:
        """Some rows that have no vector yet."""
        columns = [name for name in self._table.schema.names if name != VECTOR]
        query = self._table.search().where(_NO_VECTOR).limit(most).select(columns)
        rows: list[dict[str, Any]] = query.to_list()
        return rows

    @lance_errors()
    def put_vectors(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Set the vectors of existing rows."""
        merge = self._table.merge_insert("id").when_matched_update_all()
        merge.execute(arrow(rows, self._table.schema))

    @lance_errors()
    def compact(self, policy: CompactionPolicy | None = None) -> Settled | None:
        """Build missing indices, and merge small fragments where there are many."""
        rows = self.count()
        if rows == 0:
            return None
        self.indices.build_missing(rows)
        return self.versions.compact(policy or CompactionPolicy())

    @lance_errors()
    def by_words(
        self, terms: Sequence[str], limit: int, condition: str = ""
    ) -> list[dict[str, Any]]:
        """The best rows for these terms, scored by BM25 in `_score`."""
        query = self._table.search(MatchQuery(" ".join(terms), "terms"), query_type="fts")
        return _rows_of(query, limit, condition, "_score")

    @lance_errors()
    def by_vector(
        self, vector: NDArray[np.float32], limit: int, condition: str = ""
    ) -> list[dict[str, Any]]:
        """The nearest rows, with the cosine in `_similarity`."""
        query = self._table.search(vector, vector_column_name=VECTOR).distance_type("cosine")
        query = query.refine_factor(REFINE)
        rows = _rows_of(query, limit, condition, "_distance")
        return [{**row, "_similarity": 1.0 - row["_distance"]} for row in rows]

    @lance_errors()
    def rows_where(self, limit: int, condition: str) -> list[dict[str, Any]]:
        """Rows that fit a condition, by path and line."""
        rows = _rows_of(self._table.search(), limit, condition, "")
        return sorted(rows, key=lambda row: (row["path"], row["line_start"]))


def _rows_of(query: Any, limit: int, condition: str, column: str) -> list[dict[str, Any]]:
    if condition:
        query = query.where(condition, prefilter=True) if column else query.where(condition)
    columns = [*_COLUMNS, column] if column else list(_COLUMNS)
    rows: list[dict[str, Any]] = query.limit(limit).select(columns).to_list()
    return rows


def _in(paths: Sequence[str]) -> str:
    quoted = ", ".join("'" + path.replace("'", "''") + "'" for path in paths)
    return f"path IN ({quoted})"
