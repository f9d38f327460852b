"""The table rows of a file."""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from gardener_core.code.roles import role_of
from gardener_core.code.worker import FileRead
from gardener_core.search.columns import VECTOR
from gardener_core.search.embedders.embedder import Embedder, passage
from gardener_core.search.embedders.static import (
    StaticEmbedder,
    document_text,
    load_static,
    place_of,
)
from gardener_core.search.terms import SYMBOL_WEIGHT, terms_of_path, terms_of_text

Row = dict[str, Any]


def rows_of_file(read: FileRead, embedder: Embedder | None) -> tuple[Row, ...]:
    """A row a chunk with its vector; without one where it is embedded later."""
    rows, words = _rows_and_terms(read)
    if embedder is None:
        return tuple({**row, VECTOR: None} for row in rows)
    if isinstance(embedder, StaticEmbedder):
        # It adds up terms, which are known already: finding them is half of the work.
        place = terms_of_text(place_of(read.path))
        vectors = embedder.embed_terms([[*place, *symbol, *text] for symbol, text in words])
    else:
        vectors = embedder.embed_documents([passage(row) for row in rows])
    for row, vector in zip(rows, vectors, strict=True):
        row[VECTOR] = vector
    return tuple(rows)


def passages(rows: Sequence[Mapping[str, Any]], embedder: Embedder) -> list[str]:
    """The text of each row for this embedder."""
    if isinstance(embedder, StaticEmbedder):
        return [document_text(row["path"], row["symbol"], row["text"]) for row in rows]
    return [passage(row) for row in rows]


def rows_of_chunks(read: FileRead) -> tuple[Row, ...]:
    """A row a chunk, without a vector."""
    return tuple(_rows_and_terms(read)[0])


def _rows_and_terms(read: FileRead) -> tuple[list[Row], list[tuple[list[str], list[str]]]]:
    """The rows, and the terms of each symbol and text."""
    seen: Counter[tuple[object, ...]] = Counter()
    role = role_of(read.path)
    path_terms = terms_of_path(read.path)
    rows, words = [], []
    for chunk in read.chunks:
        key = (chunk.path, chunk.symbol, chunk.kind, chunk.part)
        symbol, text = terms_of_text(chunk.symbol), terms_of_text(chunk.text)
        words.append((symbol, text))
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
                "part": chunk.part,
                "line_start": chunk.start_line,
                "line_end": chunk.end_line,
                "text": chunk.text,
                "terms": " ".join([*text, *symbol * SYMBOL_WEIGHT, *path_terms]),
            }
        )
        seen[key] += 1
    return rows, words


@cache
def _embedder() -> Embedder:
    return load_static()


def add_rows(read: FileRead) -> FileRead:
    """Make the rows in the worker that read the file, so in several processes."""
    # Chunks are not sent back: pickling them took a tenth of the run.
    return replace(read, chunks=(), rows=rows_of_file(read, _embedder()))


def add_rows_without_vectors(read: FileRead) -> FileRead:
    """The same for an embedder that does not run in workers: vectors come later."""
    return replace(read, chunks=(), rows=rows_of_file(read, None))


def _id(*parts: object) -> str:
    joined = "\0".join(map(str, parts)).encode()
    return hashlib.blake2b(joined, digest_size=16).hexdigest()
