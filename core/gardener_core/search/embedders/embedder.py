"""The protocol of an embedder, and what it reads of a chunk."""

from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from gardener_core.search.embedders.choice import EmbedderChoice

PATH_PARTS = 2


class Embedder(Protocol):
    """Turns texts into vectors of length one; zero where it knows none of a text."""

    name: str  # stored with an index: vectors of another embedder do not fit
    choice: EmbedderChoice  # stored with it too: how to open the embedder
    dimensions: int
    max_characters: int
    dense_weight: float  # of its ranking beside words, until it is measured

    def embed_documents(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """A row for each document."""
        ...

    def embed_query(self, text: str) -> NDArray[np.float32]:
        """The vector of a query."""
        ...

    def close(self) -> None:
        """Release what the embedder holds."""
        ...


def passage(row: Mapping[str, Any]) -> str:
    """The text of a chunk for a model: its path, symbol, signature, doc and code.

    Only the end of the path, so that a moved folder or another checkout is not embedded again.
    """
    text: str = row["text"]
    place = "/".join(PurePosixPath(row["path"]).parts[-PATH_PARTS:])
    more = [part for part in (row["signature"], row["doc"]) if part and part not in text]
    return "\n".join([place, row["symbol"], *more, text])
