"""What an embedder is."""

from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from gardener_core.search.embedders.choice import EmbedderChoice

PATH_PARTS = 2


class Embedder(Protocol):
    """Texts to vectors of length one; all zero where it knows nothing of a text."""

    name: str  # kept with an index: vectors of another embedder do not fit
    choice: EmbedderChoice  # kept with it too: how the embedder is opened again
    dimensions: int
    max_characters: int
    dense_weight: float  # what its ranking counts beside that of the words, until it is measured

    def embed_documents(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """A row for each text that is to be found."""
        ...

    def embed_query(self, text: str) -> NDArray[np.float32]:
        """The vector of what is looked for."""
        ...

    def close(self) -> None:
        """Let go of whatever works for it."""
        ...


def passage(row: Mapping[str, Any]) -> str:
    """What a model reads of a chunk: where it stands, what it is called, what it says.

    Of a path its end, so that a moved folder or another checkout has nothing to embed again.
    """
    said: str = row["text"]
    place = "/".join(PurePosixPath(row["path"]).parts[-PATH_PARTS:])
    told = [text for text in (row["signature"], row["doc"]) if text and text not in said]
    return "\n".join([place, row["symbol"], *told, said])
