"""See what an Ollama server can do, and what it has."""

import os
import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from gardener_core.errors import OLLAMA_ERRORS, OllamaDown, OllamaModelMissing
from gardener_core.models.model import OllamaModel
from gardener_core.models.ollama.client import Ollama
from gardener_core.models.ollama.states import Status

LOOK_AGAIN_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class OllamaListing:
    """What a server can do now, and its models; none unless it is up."""

    status: Status
    models: tuple[OllamaModel, ...] = ()


class OllamaProbe:
    """Looks at a server at most every two seconds, and asks for each model once."""

    def __init__(self, environment: Mapping[str, str] = os.environ) -> None:
        self._environment = environment
        self._described: dict[tuple[str, str], OllamaModel] = {}
        self._listing: OllamaListing | None = None
        self._looked_at = 0.0

    def listing(self) -> OllamaListing:
        """What is there; a server that is away is a state and no error."""
        if self._listing and time.monotonic() - self._looked_at < LOOK_AGAIN_SECONDS:
            return self._listing
        self._listing = self._look()
        self._looked_at = time.monotonic()
        return self._listing

    def forget(self) -> None:
        """Look at the server the next time, whenever that is."""
        self._listing = None

    def _look(self) -> OllamaListing:
        status = probe(self._environment)
        if status.state != "up":
            return OllamaListing(status)
        server = Ollama.of(self._environment)
        try:
            models = tuple(self._describe(server, model) for model in server.models())
        except OLLAMA_ERRORS:  # it ended, or a model was deleted, between two of our questions
            now = probe(self._environment)
            return OllamaListing(now, self._listing.models if self._listing else ())
        return OllamaListing(status, models)

    def _describe(self, server: Ollama, model: OllamaModel) -> OllamaModel:
        key = (model.name, model.digest)
        if key not in self._described:
            self._described[key] = server.describe(model)
        return self._described[key]


def probe(environment: Mapping[str, str], wanted: Collection[str] = ()) -> Status:
    """What the server can do now, held against the models that are wanted of it."""
    try:
        server = Ollama.of(environment)
    except OllamaDown:
        return Status("down", environment["OLLAMA_HOST"], "OLLAMA_HOST is no HOST:PORT")
    status = server.status()
    if status.state != "up" or not wanted:
        return status
    name = ""
    try:
        for name in wanted:
            server.find(name)
    except OllamaModelMissing:
        return replace(status, state="model missing", model=name)
    except OLLAMA_ERRORS:
        return server.status()
    return status
