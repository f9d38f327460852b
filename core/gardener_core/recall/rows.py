"""What the table holds of a file."""

import hashlib
from collections import Counter
from typing import Any

from gardener_core.reading.roles import role_of
from gardener_core.reading.worker import FileRead
from gardener_core.recall.embedding import Embedder, document_text
from gardener_core.recall.terms import terms_of_chunk


def rows_of_file(read: FileRead, changed: float, embedder: Embedder) -> list[dict[str, Any]]:
    """A row a chunk, with its vector."""
    texts = [document_text(chunk.path, chunk.symbol, chunk.text) for chunk in read.chunks]
    rows = rows_of_chunks(read, changed)
    for row, vector in zip(rows, embedder.embed_documents(texts), strict=True):
        row["vector"] = vector
    return rows


def rows_of_chunks(read: FileRead, changed: float) -> list[dict[str, Any]]:
    """A row a chunk, without its vector."""
    seen: Counter[tuple[object, ...]] = Counter()
    role = role_of(read.path)
    rows = []
    for chunk in read.chunks:
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
            }
        )
        seen[key] += 1
    return rows


def _id(*parts: object) -> str:
    joined = "\0".join(map(str, parts)).encode()
    return hashlib.blake2b(joined, digest_size=16).hexdigest()
