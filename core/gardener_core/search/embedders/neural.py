"""Embed with a model: prefix, truncate, encode, normalise."""

import hashlib
from collections.abc import Sequence
from contextlib import ExitStack

import numpy as np
from numpy.typing import NDArray

from gardener_core.errors import ModelUnfit
from gardener_core.models.encoders.encoder import Encoder, Role, TooLong
from gardener_core.search.embedders.choice import AUTOMATIC, MODEL_WEIGHT, EmbedderChoice
from gardener_core.search.embedders.recipes import Recipe, with_settings

TEXTS_AT_ONCE = 16
SHORTEST_CHARACTERS = 16
_PROBE = "dimensions"


class NeuralEmbedder:
    """A model as an embedder, wherever it runs."""

    dense_weight = MODEL_WEIGHT

    def __init__(
        self,
        name: str,
        choice: EmbedderChoice,
        encoder: Encoder,
        recipe: Recipe,
        max_characters: int,
    ) -> None:
        """Embed one text at once, to see that it works and how long its vectors are."""
        self.name = name
        self.choice = choice
        self.max_characters = max_characters
        self._encoder = encoder
        self._recipe = with_settings(recipe, choice)
        self.dimensions = 0
        with ExitStack() as unless_it_works:
            unless_it_works.callback(self.close)
            self.dimensions = self._rows([_PROBE], "document").shape[1]
            unless_it_works.pop_all()

    def embed_documents(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """A row for each document."""
        parts = [
            self._rows(texts[at : at + TEXTS_AT_ONCE], "document")
            for at in range(0, len(texts), TEXTS_AT_ONCE)
        ]
        return np.concatenate(parts) if parts else np.zeros((0, self.dimensions), np.float32)

    def embed_query(self, text: str) -> NDArray[np.float32]:
        """The vector of a query."""
        row: NDArray[np.float32] = self._rows([text], "query")[0]
        return row

    def close(self) -> None:
        """End the process of the model."""
        self._encoder.close()

    def _rows(self, texts: Sequence[str], role: Role) -> NDArray[np.float32]:
        recipe = self._recipe
        prefix = recipe.query_prefix if role == "query" else recipe.document_prefix
        cut = [text[: self.max_characters] for text in texts]
        rows = np.array(self._encode(cut, prefix, role), np.float32)
        if rows.ndim != 2 or len(rows) != len(texts) or rows.shape[1] == 0:
            raise _unfit(self.name)
        if self.dimensions and rows.shape[1] != self.dimensions:
            raise _unfit(self.name)
        rows[~np.isfinite(rows).all(axis=1)] = 0.0
        lengths = np.linalg.norm(rows, axis=1, keepdims=True)
        normed: NDArray[np.float32] = np.divide(
            rows, lengths, out=np.zeros_like(rows), where=lengths > 0
        )
        return normed

    def _encode(self, texts: Sequence[str], prefix: str, role: Role) -> list[Sequence[float]]:
        """Encode all at once; if too long, each alone, halved until the model takes it."""
        try:
            return list(self._encoder.encode([prefix + text for text in texts], role))
        except TooLong:
            if len(texts) > 1:
                return [row for text in texts for row in self._encode([text], prefix, role)]
        half = texts[0][: len(texts[0]) // 2]
        if len(half) < SHORTEST_CHARACTERS:
            raise ModelUnfit(
                f"{self.name} reads too few tokens to be of use.", hint="Choose another embedder."
            )
        return self._encode([half], prefix, role)


def choice_suffix(choice: EmbedderChoice) -> str:
    """A part of the name where prefixes or pooling were set: vectors differ then."""
    own = (choice.query_prefix, choice.document_prefix, choice.pooling)
    if own == (AUTOMATIC,) * len(own):
        return ""
    return "+" + hashlib.sha256("\0".join(own).encode()).hexdigest()[:8]


def _unfit(name: str) -> ModelUnfit:
    return ModelUnfit(
        f"{name} gave no vectors of one length, one for each text.",
        hint="Choose a model that is made for embedding.",
    )
