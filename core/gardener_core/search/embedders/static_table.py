"""The table of the built-in embedder: a vector a term."""

from dataclasses import dataclass
from io import BytesIO
from typing import Any

import numpy as np
from numpy.typing import NDArray

_MAX_INT8 = 127


@dataclass(frozen=True, slots=True, eq=False)
class LearnedTable:
    """The result of training; row i belongs to term i."""

    terms: tuple[str, ...]
    vectors: NDArray[np.float32]
    query_weights: NDArray[np.float32]
    document_weights: NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class StaticTable:
    """Row i belongs to term i: 8-bit numbers, one scale a row, and two weights."""

    terms: tuple[str, ...]
    vectors: NDArray[np.int8]
    scales: NDArray[np.float32]
    query_weights: NDArray[np.float32]
    document_weights: NDArray[np.float32]

    @classmethod
    def from_bytes(cls, data: bytes) -> "StaticTable":
        """Read what `to_bytes` wrote."""
        with np.load(BytesIO(data), allow_pickle=False) as kept:
            return cls(
                terms=tuple(kept["terms"].tobytes().decode().split("\n")),
                vectors=kept["vectors"],
                scales=kept["scales"].astype(np.float32),
                query_weights=kept["query_weights"].astype(np.float32),
                document_weights=kept["document_weights"].astype(np.float32),
            )

    def to_bytes(self) -> bytes:
        """The table as one file; the same table gives the same bytes."""
        columns: dict[str, Any] = {
            "terms": np.frombuffer("\n".join(self.terms).encode(), np.uint8),
            "vectors": self.vectors,
            "scales": self.scales,
            "query_weights": self.query_weights.astype(np.float16),
            "document_weights": self.document_weights.astype(np.float16),
        }
        buffer = BytesIO()
        np.savez(buffer, **columns)  # compressed: hardly smaller, loads six times as slowly
        return buffer.getvalue()


def quantised(learned: LearnedTable) -> StaticTable:
    """Round every row to 8 bits, with a scale of its own."""
    largest = np.abs(learned.vectors).max(axis=1)
    scales = np.where(largest > 0, largest / _MAX_INT8, 1).astype(np.float32)
    rounded = np.round(learned.vectors / scales[:, None]).astype(np.int8)
    return StaticTable(
        learned.terms, rounded, scales, learned.query_weights, learned.document_weights
    )
