"""The columns of a chunk, and rows as Arrow columns."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from gardener_core.search.embedders.choice import EmbedderChoice
from gardener_core.search.embedders.embedder import Embedder

VECTOR = "vector"
_EMBEDDER, _CHOICE = b"embedder", b"choice"
COLUMNS = pa.schema(
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


def schema_for(embedder: Embedder) -> pa.Schema:
    """The columns of a table with the vectors of this embedder, named in its metadata."""
    vector = pa.field(VECTOR, pa.list_(pa.float32(), embedder.dimensions))
    metadata = {_EMBEDDER: embedder.name, _CHOICE: embedder.choice.encode()}
    return COLUMNS.append(vector).with_metadata(metadata)


def embedder_name(schema: pa.Schema) -> str:
    """The name of the embedder that made the vectors."""
    return _metadata(schema, _EMBEDDER)


def choice_in(schema: pa.Schema) -> EmbedderChoice:
    """How to open that embedder."""
    return EmbedderChoice.decode(_metadata(schema, _CHOICE))


def is_current(schema: pa.Schema) -> bool:
    """Whether the columns, except the vector, are those that this version writes."""
    return schema.names[-1:] == [VECTOR] and bool(
        pa.schema(list(schema)[:-1]).equals(COLUMNS, check_metadata=False)
    )


def arrow(rows: Sequence[Mapping[str, Any]], schema: pa.Schema) -> pa.Table:
    """Rows as Arrow columns; vectors may be missing."""
    columns = []
    for field in schema:
        values = [row[field.name] for row in rows]
        if field.name == VECTOR:
            columns.append(_vectors(values, field.type.list_size))
        else:
            columns.append(pa.array(values, field.type))
    return pa.Table.from_arrays(columns, schema=schema)


def norms(vectors: pa.FixedSizeListArray) -> list[float]:
    """The norm of each vector; 0 for a missing one."""
    there = np.asarray(vectors.is_valid())
    found = np.zeros(len(vectors))
    numbers = np.asarray(vectors.flatten()).reshape(-1, vectors.type.list_size)
    found[there] = np.linalg.norm(numbers, axis=1)
    return [float(length) for length in found]


def _vectors(values: Sequence[Any], length: int) -> pa.Array:
    none = np.zeros(length, np.float32)
    joined = np.concatenate([none if value is None else value for value in values])
    flat = pa.array(joined.astype(np.float32, copy=False))
    missing = [value is None for value in values]
    mask = pa.array(missing) if any(missing) else None
    return pa.FixedSizeListArray.from_arrays(flat, length, mask=mask)


def _metadata(schema: pa.Schema, key: bytes) -> str:
    value: bytes = (schema.metadata or {}).get(key, b"")
    return value.decode()
