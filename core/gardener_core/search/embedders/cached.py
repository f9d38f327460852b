"""Cache the vectors of texts."""

import hashlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from gardener_core.search.embedders.embedder import Embedder
from gardener_core.store.caches.vectors import VectorCache


class CachedEmbedder:
    """An embedder whose document vectors are cached for all projects, by the hash of the text.

    Vectors are cached as 16-bit numbers, and rounded the first time too: a row never depends on
    the state of the cache.
    """

    def __init__(self, embedder: Embedder, cache: VectorCache) -> None:
        self._embedder = embedder
        self._cache = cache
        self.name = embedder.name
        self.choice = embedder.choice
        self.dimensions = embedder.dimensions
        self.max_characters = embedder.max_characters
        self.dense_weight = embedder.dense_weight

    def embed_documents(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """A row for each text; only texts that are not cached are embedded."""
        keys = [self._key(text) for text in texts]
        known = self._cache.get(self.name, keys)
        new = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
        if new:
            rows = self._embedder.embed_documents(list(new.values())).astype(np.float16)
            made = {key: row.tobytes() for key, row in zip(new, rows, strict=True)}
            self._cache.put(self.name, made)
            known |= made
        joined = b"".join(known[key] for key in keys)
        return np.frombuffer(joined, np.float16).astype(np.float32).reshape(-1, self.dimensions)

    def unknown(self, texts: Sequence[str]) -> list[str]:
        """The texts that are not cached, each once."""
        by_key = {self._key(text): text for text in texts}
        known = self._cache.holds(self.name, list(by_key))
        return [text for key, text in by_key.items() if key not in known]

    def embed_query(self, text: str) -> NDArray[np.float32]:
        """The vector of a query; queries are not cached."""
        return self._embedder.embed_query(text)

    def close(self) -> None:
        """Release what the embedder holds."""
        self._embedder.close()

    def _key(self, text: str) -> bytes:
        return hashlib.blake2b(text[: self.max_characters].encode(), digest_size=16).digest()
