"""Embed through an Ollama server."""

from collections.abc import Sequence

from gardener_core.errors import EmbedderMissing, OllamaContextTooSmall, OllamaRefused, Remedy
from gardener_core.models.encoders.encoder import Numbers, Role, TooLong
from gardener_core.models.model import OllamaModel
from gardener_core.models.ollama.client import EMBED_SECONDS, QUERY_SECONDS, Ollama


class OllamaEncoder:
    """One model of a server, as long as its digest stays the same."""

    def __init__(self, server: Ollama, model: OllamaModel) -> None:
        self._server = server
        self._model = model

    def encode(self, texts: Sequence[str], role: Role) -> Numbers:
        """The vector of each text; refuses once another model has the same name."""
        name = self._model.name
        if self._server.find(name).digest != self._model.digest:
            raise EmbedderMissing(f"Ollama has another {name} than before.", remedy=Remedy("index"))
        try:
            seconds = QUERY_SECONDS if role == "query" else EMBED_SECONDS
            return self._server.embed(name, texts, seconds)
        except OllamaContextTooSmall:
            raise TooLong from None
        except OllamaRefused as problem:
            raise OllamaRefused(
                f"Ollama does not embed with {name}. {problem.what}",
                hint="Choose a model that is made for embedding.",
            ) from None

    def close(self) -> None:
        """Nothing to close."""
