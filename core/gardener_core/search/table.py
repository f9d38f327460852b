"""The LanceDB table of a project's chunks."""

import os
import re
import shutil
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gardener_core.errors import DiskFull, IndexBroken, IndexMissing, Remedy
from gardener_core.events.index import Settled
from gardener_core.search.columns import (
    VECTOR,
    arrow,
    choice_in,
    is_of_today,
    lengths,
    made_by,
    schema_for,
)
from gardener_core.search.embedders.choice import EmbedderChoice
from gardener_core.search.embedders.embedder import Embedder
from gardener_core.search.lance import FTS, Bitmap, BTree, IvfRq, MatchQuery, lancedb
from gardener_core.search.live_table import current_name, new_name, point_to
from gardener_core.search.terms import TERM_LIMIT
from gardener_core.system.files.atomic import make_folder

MANY_FRAGMENTS = 60
KEPT_FOR = timedelta(days=1)  # another process may still read an older version
MANY_ROWS = 1000
MARGIN = timedelta(minutes=1)
MANY_VECTORS = 100_000
MOST_SAID = 200
# Where in its own source the library failed; it tells nobody here anything.
_PLACES = re.compile(r",?\s+\S*/\S+\.rs:\d+(:\d+)?")
_UNREADABLE = (RuntimeError, ValueError, OSError)
PANIC = "RustPanic"  # of damaged files; the library's module for it cannot be imported
REFINE = 10  # an index of short codes: so many times more rows are compared exactly
# Our terms are final: LanceDB only has to split them at the blanks.
WORDS = FTS(
    base_tokenizer="whitespace",
    stem=False,
    remove_stop_words=False,
    lower_case=False,
    ascii_folding=False,
    max_token_length=TERM_LIMIT,
)
_SHOWN = (
    "id", "path", "lang", "kind", "role", "symbol", "name", "doc", "part", "line_start",
    "line_end", "text", "terms",
)  # fmt: skip

_NO_VECTOR = f"{VECTOR} IS NULL"

os.environ.setdefault("RUST_LOG", "error")  # the library's own chatter


@contextmanager
def _in_our_words() -> Iterator[None]:
    """The library's errors as ours: whatever it cannot read, an index run can make again."""
    try:
        yield
    except Exception as problem:  # of no class that could be named here: see PANIC
        if not isinstance(problem, _UNREADABLE) and type(problem).__name__ != PANIC:
            raise
        said = _PLACES.sub("", " ".join(str(problem).split()))[:MOST_SAID]
        if "No space left" in said or "os error 28" in said:
            raise DiskFull(f"The disk is full: {said}", hint="Make room, and try again.") from None
        raise IndexBroken(f"The index cannot be read: {said}", remedy=Remedy("repair")) from problem


class ChunkTable:
    """One project's chunks, searched by words and by meaning."""

    def __init__(self, table: Any) -> None:
        self._table = table

    @classmethod
    @_in_our_words()
    def open(cls, folder: Path) -> "ChunkTable":
        """Open the table that an index run made."""
        if folder.is_dir():
            connection = lancedb.connect(folder)
            name = current_name(folder)
            if name in connection.list_tables().tables:
                return cls(connection.open_table(name))
        raise IndexMissing("This project is not indexed yet.", remedy=Remedy("index"))

    @classmethod
    def open_or_make(cls, folder: Path, embedder: Embedder) -> "ChunkTable":
        """Open the table, or make an empty one in the place of one that does not fit.

        One that cannot be read does not fit either: all it held can be read from the files again.
        """
        try:
            table = cls.open(folder)
            if table.fits(embedder):
                return table
        except (IndexMissing, IndexBroken):
            pass
        return cls.make_anew(folder, embedder)

    @classmethod
    @_in_our_words()
    def make_anew(cls, folder: Path, embedder: Embedder) -> "ChunkTable":
        """An empty table, whatever stands there."""
        if folder.is_dir() and not folder.is_symlink():
            shutil.rmtree(folder)
        else:
            folder.unlink(missing_ok=True)
        make_folder(folder)
        return cls._made(folder, current_name(folder), embedder)

    @classmethod
    @_in_our_words()
    def make_aside(cls, folder: Path, embedder: Embedder) -> "ChunkTable":
        """An empty table beside the one that answers."""
        return cls._made(folder, new_name(), embedder)

    @classmethod
    def _made(cls, folder: Path, name: str, embedder: Embedder) -> "ChunkTable":
        return cls(lancedb.connect(folder).create_table(name, schema=schema_for(embedder)))

    @_in_our_words()
    def take_over(self, folder: Path) -> None:
        """Be the table that answers, from one moment to the next; all others go."""
        point_to(folder, self.name)
        self.sweep(folder)

    @_in_our_words()
    def sweep(self, folder: Path) -> None:
        """Take all other tables away, such as one that somebody did not finish."""
        connection = lancedb.connect(folder)
        for name in connection.list_tables().tables:
            if name != self.name:
                connection.drop_table(name)

    @property
    def name(self) -> str:
        """What the table is called in its folder."""
        return str(self._table.name)

    @property
    def made_by(self) -> str:
        """The name of the embedder whose vectors it holds."""
        return made_by(self._table.schema)

    @property
    def choice(self) -> EmbedderChoice:
        """How that embedder is opened again."""
        return choice_in(self._table.schema)

    @property
    def is_of_today(self) -> bool:
        """Whether it has today's columns, whoever made its vectors."""
        return is_of_today(self._table.schema)

    @_in_our_words()
    def fits(self, embedder: Embedder) -> bool:
        """Whether it has today's columns, and the vectors of this embedder."""
        same_shape = self._table.schema.equals(schema_for(embedder), check_metadata=False)
        return bool(same_shape) and self.made_by == embedder.name

    def every_row(self) -> Iterator[dict[str, Any]]:
        """Every row, read from the files and by no index; with the length of its vector."""
        with _in_our_words():
            for batch in self._table.search().to_batches():
                rows = batch.drop_columns([VECTOR]).to_pylist()
                for row, length in zip(rows, lengths(batch.column(VECTOR)), strict=True):
                    yield {**row, "length": length}

    @_in_our_words()
    def refresh_view(self) -> None:
        """See what other processes wrote."""
        self._table.checkout_latest()

    @_in_our_words()
    def count(self, condition: str = "") -> int:
        """How many chunks there are, or fit a condition."""
        return int(self._table.count_rows(condition or None))

    @_in_our_words()
    def replace(self, paths: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> None:
        """Put these rows in the place of all that the paths had, in one commit."""
        if not rows:
            if paths:
                self._table.delete(_in(paths))
            return
        if len(rows) >= MANY_ROWS and not paths and not self._holds(rows):
            # A merge looks through all ids, which at the hundred-thousandth takes half of the time.
            self.add(rows)
            return
        merge = self._table.merge_insert("id").when_matched_update_all()
        merge = merge.when_not_matched_insert_all()
        if paths:
            merge = merge.when_not_matched_by_source_delete(_in(paths))
        # Rows without a vector count as bad ones to the library.
        merge.execute(arrow(rows, self._table.schema), on_bad_vectors="null")

    def _holds(self, rows: Sequence[Mapping[str, Any]]) -> bool:
        """Whether any file of these rows has some already, as after a kill."""
        return bool(self._table.count_rows(_in(sorted({row["path"] for row in rows}))))

    @_in_our_words()
    def add(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Put rows in that are known to be new; those that are there stay, whatever their id."""
        self._table.add(arrow(rows, self._table.schema))

    @_in_our_words()
    def build(self, column: str, config: Any) -> None:
        """Make one index."""
        self._table.create_index(column, config=config)

    @_in_our_words()
    def clear(self) -> None:
        """Drop every chunk, and the indices: they may be what cannot be read."""
        for index in self._table.list_indices():
            self._table.drop_index(index.name)
        self._table.delete("true")

    @_in_our_words()
    def chunks_by_path(self) -> Counter[str]:
        """How many chunks there are of each file."""
        counts: Counter[str] = Counter()
        for batch in self._table.search().select(["path"]).to_batches():
            counts.update(batch.column("path").to_pylist())
        return counts

    def batches(self, columns: Sequence[str], size: int) -> Iterator[list[dict[str, Any]]]:
        """All rows as they are now, so many at a time."""
        with _in_our_words():
            for batch in self._table.search().select(list(columns)).to_batches(size):
                if batch.num_rows:
                    yield batch.to_pylist()

    @_in_our_words()
    def unembedded(self) -> int:
        """How many chunks have no vector yet; words find them all the same."""
        return int(self._table.count_rows(_NO_VECTOR))

    @_in_our_words()
    def some_unembedded(self, most: int) -> list[dict[str, Any]]:
        """Whole rows that have no vector yet."""
        columns = [name for name in self._table.schema.names if name != VECTOR]
        query = self._table.search().where(_NO_VECTOR).limit(most).select(columns)
        rows: list[dict[str, Any]] = query.to_list()
        return rows

    @_in_our_words()
    def put_vectors(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Give rows that are there their vectors."""
        merge = self._table.merge_insert("id").when_matched_update_all()
        merge.execute(arrow(rows, self._table.schema))

    @_in_our_words()
    def settle(self) -> Settled | None:
        """Make the indices that are missing, and fold small pieces together where there are many.

        The library says nothing of what it folded, so it is counted before and after.
        """
        if self.count() == 0:
            return None
        if not any(index.name == "terms_idx" for index in self._table.list_indices()):
            self._table.create_index("terms", config=WORDS)
            self._table.create_index("id", config=BTree())
            self._table.create_index("path", config=BTree())
            for column in ("lang", "kind", "role"):
                self._table.create_index(column, config=Bitmap())
        self._index_vectors()
        before = self._table.stats()
        if before["fragment_stats"]["num_fragments"] <= MANY_FRAGMENTS:
            return None
        started = time.monotonic()
        self._table.optimize(cleanup_older_than=self._kept_for())
        after = self._table.stats()
        return Settled(
            fragments_before=before["fragment_stats"]["num_fragments"],
            fragments_after=after["fragment_stats"]["num_fragments"],
            bytes_before=before["total_bytes"],
            bytes_after=after["total_bytes"],
            seconds=round(time.monotonic() - started, 3),
        )

    def _kept_for(self) -> timedelta:
        """The library refuses to clean up anything where a kept version is old enough to go, so
        all stay that are as young as the oldest of these."""
        kept = self.tags().values()
        times = [v["timestamp"] for v in self._table.list_versions() if v["version"] in kept]
        if not times:
            return KEPT_FOR
        age: timedelta = datetime.now(times[0].tzinfo) - min(times)
        return max(KEPT_FOR, age + MARGIN)

    @_in_our_words()
    def tag(self, name: str) -> None:
        """Keep the table as it is now under a name; cleaning up leaves such a version alone."""
        tags = self._table.tags
        if name in tags.list():
            tags.update(name, self._table.version)
        else:
            tags.create(name, self._table.version)

    @_in_our_words()
    def tags(self) -> dict[str, int]:
        """The kept versions by name."""
        return {name: int(tag["version"]) for name, tag in self._table.tags.list().items()}

    @_in_our_words()
    def untag(self, name: str) -> None:
        """Let a kept version go."""
        if name in self._table.tags.list():
            self._table.tags.delete(name)

    def _index_vectors(self) -> None:
        """Below a hundred thousand vectors looking at all of them is exact and fast enough."""
        missing = not any(index.name == "vector_idx" for index in self._table.list_indices())
        if missing and self.count() >= MANY_VECTORS:
            self._table.create_index(VECTOR, config=IvfRq(distance_type="cosine"))

    @_in_our_words()
    def by_words(
        self, terms: Sequence[str], limit: int, condition: str = ""
    ) -> list[dict[str, Any]]:
        """The best rows for these terms, scored by BM25 in `_score`."""
        query = self._table.search(MatchQuery(" ".join(terms), "terms"), query_type="fts")
        return _rows_of(query, limit, condition, "_score")

    @_in_our_words()
    def by_meaning(
        self, vector: NDArray[np.float32], limit: int, condition: str = ""
    ) -> list[dict[str, Any]]:
        """The nearest rows, with the cosine in `_similarity`."""
        query = self._table.search(vector, vector_column_name=VECTOR).distance_type("cosine")
        query = query.refine_factor(REFINE)
        rows = _rows_of(query, limit, condition, "_distance")
        return [{**row, "_similarity": 1.0 - row["_distance"]} for row in rows]

    @_in_our_words()
    def any_rows(self, limit: int, condition: str) -> list[dict[str, Any]]:
        """Rows that fit a condition, in the order of their places."""
        rows = _rows_of(self._table.search(), limit, condition, "")
        return sorted(rows, key=lambda row: (row["path"], row["line_start"]))


def _rows_of(query: Any, limit: int, condition: str, column: str) -> list[dict[str, Any]]:
    if condition:
        query = query.where(condition, prefilter=True) if column else query.where(condition)
    columns = [*_SHOWN, column] if column else list(_SHOWN)
    rows: list[dict[str, Any]] = query.limit(limit).select(columns).to_list()
    return rows


def _in(paths: Sequence[str]) -> str:
    quoted = ", ".join("'" + path.replace("'", "''") + "'" for path in paths)
    return f"path IN ({quoted})"
