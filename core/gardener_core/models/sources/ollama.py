"""Let an Ollama server on this machine get a model."""

import os
import re
from collections.abc import Mapping
from pathlib import Path

from gardener_core.errors import OLLAMA_ERRORS, GardenError
from gardener_core.models.catalogue.entry import CatalogueEntry, OllamaSource, SourceKind
from gardener_core.models.ollama.client import PULL_SECONDS, Ollama
from gardener_core.models.sources.source import Delivered, SourceFailed, Transfer, Transferred

_FROM = re.compile(r"^FROM (\S.*?)\s*$", re.MULTILINE)


class OllamaServer:
    """A server pulls into its own blobs; the file is used where it lies there."""

    kind: SourceKind = "ollama"

    def __init__(
        self,
        source: OllamaSource,
        environment: Mapping[str, str] = os.environ,
        seconds: float = PULL_SECONDS,
    ) -> None:
        self._model = source.model
        self._environment = environment
        self._seconds = seconds
        self.where = source.where

    def fetch(self, entry: CatalogueEntry, box: Path) -> Transfer:
        """The blob of the model, once the server has it."""
        try:
            server = Ollama.of(self._environment)
            server.version()
            if not server.is_here:
                raise SourceFailed(f"{server.address} is another machine; its files are not here.")
            blobs: dict[str, int] = {}
            for step in server.pull(self._model, self._seconds):
                if step.digest and step.total:
                    blobs[step.digest] = step.completed
                    yield Transferred(sum(blobs.values()), max(entry.bytes, step.total))
            path = self._blob(server)
        except OLLAMA_ERRORS as problem:
            raise SourceFailed(_in_a_list(problem)) from None
        return (Delivered(entry.files[0], path, False, f"Ollama's {self._model}"),)

    def _blob(self, server: Ollama) -> Path:
        """Where the server keeps the weights, as its own description of the model says."""
        described = str(server.show(self._model).get("modelfile", ""))
        for named in _FROM.findall(described):
            path = Path(named)
            if path.is_absolute() and path.name.startswith("sha256"):
                if not path.is_file() or not os.access(path, os.R_OK):
                    raise SourceFailed(f"its file {path} cannot be read by you.")
                return path
        raise SourceFailed("it does not say where the file is.")


def _in_a_list(problem: GardenError) -> str:
    return problem.what
