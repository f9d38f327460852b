"""Embed through an Ollama server."""

from collections.abc import Sequence

from gardener_core.errors import EmbedderMissing, Remedy
from gardener_core.models.encoders.encoder import Numbers, Role, TooLong
from gardener_core.models.ollama.client import EMBED_SECONDS, QUERY_SECONDS, Ollama, OllamaModel
from gardener_core.models.ollama.client import OllamaRefused as Refused


class OllamaEncoder:
    """One model of a server, as long as it stays what it was."""

    def __init__(self, server: Ollama, model: OllamaModel) -> None:
        self._server = server
        self._model = model

    def encode(self, texts: Sequence[str], role: Role) -> Numbers:
        """The numbers of each text; refuses when another model was pulled under the same name."""
        name = self._model.name
        if self._server.find(name).digest != self._model.digest:
            raise EmbedderMissing(f"Ollama has another {name} than before.", remedy=Remedy("index"))
        try:
            seconds = QUERY_SECONDS if role == "query" else EMBED_SECONDS
            return self._server.embed(name, texts, seconds)
        except Refused as no:
            if no.is_too_long:
                raise TooLong from None
            raise EmbedderMissing(
                f"Ollama does not embed with {name}: {no.said or no.status}.",
                hint="Choose a model that is made for embedding.",
            ) from None

    def close(self) -> None:
        """Nothing of ours runs for it."""
