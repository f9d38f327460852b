"""Embedders that the engine keeps open for its tables."""

import os
import threading
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor

from gardener_core.errors import EmbedderMissing, Remedy
from gardener_core.search.embedders.choice import EmbedderChoice
from gardener_core.search.embedders.embedder import Embedder
from gardener_core.search.embedders.opening import EmbedderAccess, open_embedder
from gardener_core.search.embedders.static import StaticEmbedder, load_static
from gardener_core.search.table import ChunkTable
from gardener_core.system.places import Places

MOST_MODELS = 2
PATIENCE_SECONDS = 2.0  # better an answer by words than a late one

Key = tuple[EmbedderChoice, bool]


class OpenEmbedders:
    """Opens the embedder that a table was made with; called from several threads."""

    def __init__(self, places: Places, environment: Mapping[str, str] = os.environ) -> None:
        self._places = places
        self._environment = environment
        self._static = load_static()
        self._opening = ThreadPoolExecutor(MOST_MODELS)
        self._models: dict[Key, Future[Embedder]] = {}  # the one used last comes last
        self._lock = threading.Lock()

    @property
    def static(self) -> StaticEmbedder:
        """The built-in one, which is always open."""
        return self._static

    def of(self, table: ChunkTable, code_may_leave: bool) -> Embedder:
        """The embedder whose vectors the table holds; raises where it is not ready at once."""
        if table.embedder_name == self._static.name:
            return self._static
        key = (table.choice, code_may_leave)
        for _ in range(2):  # the model may have been replaced since it was opened
            embedder = self._opened(key)
            if embedder.name == table.embedder_name:
                return embedder
            self._drop(key)
        raise EmbedderMissing(
            f"{table.choice.wanted} is not the model that the index was made with.",
            remedy=Remedy("index"),
        )

    def lost(self, table: ChunkTable, code_may_leave: bool) -> None:
        """Forget one that stopped answering; the next search opens it again."""
        self._drop((table.choice, code_may_leave))

    def close(self) -> None:
        """Close all of them."""
        with self._lock:
            keys = list(self._models)
        for key in keys:
            self._drop(key)

    def _opened(self, key: Key) -> Embedder:
        future = self._future(key)
        try:
            problem = future.exception(PATIENCE_SECONDS)
        except TimeoutError:
            raise EmbedderMissing(
                f"{key[0].wanted} is still being loaded.", hint="Search again in a moment."
            ) from None
        if problem is not None:
            self._drop(key)
            raise problem
        return future.result()

    def _future(self, key: Key) -> Future[Embedder]:
        with self._lock:
            future = self._models.pop(key, None)
            if future is None:
                terms = EmbedderAccess(self._places, key[1], self._environment)
                future = self._opening.submit(open_embedder, key[0], terms)
            self._models[key] = future
            oldest = next(iter(self._models)) if len(self._models) > MOST_MODELS else None
        if oldest:
            self._drop(oldest)
        return future

    def _drop(self, key: Key) -> None:
        with self._lock:
            future = self._models.pop(key, None)
        if future and not future.cancel():
            future.add_done_callback(_close)


def _close(future: Future[Embedder]) -> None:
    if future.exception() is None:
        future.result().close()
