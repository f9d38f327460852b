"""Give an Ollama server a model of ours."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gardener_core.models.ollama.client import DELETE_SECONDS, Ollama, errors_of
from gardener_core.models.ollama.states import RequestFailed
from gardener_core.models.ollama.wire import Patience, never

HEAD_SECONDS = 30.0
# While a piece is sent; after the last one it makes sure of the digest.
SEND_SECONDS = 120.0
# It parses the file and writes layers; a large one is copied first.
CREATE_PATIENCE = Patience(300.0, 300.0)
COPY_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class NewModel:
    """What a server makes a model of: files and adapters by their sha256, and what goes with them.

    Where there is no template, it takes the one that the file holds.
    """

    name: str
    files: Mapping[str, str]
    adapters: Mapping[str, str] = field(default_factory=dict)
    template: str = ""
    licence: str = ""
    context: int = 0
    stop: Sequence[str] = ()

    def fields(self) -> dict[str, Any]:
        """The body of the request."""
        parameters = {"num_ctx": self.context, "stop": list(self.stop)}
        wished: dict[str, Any] = {
            "adapters": {name: f"sha256:{digest}" for name, digest in self.adapters.items()},
            "template": self.template,
            "license": self.licence,
            "parameters": {key: value for key, value in parameters.items() if value},
        }
        return {
            "model": self.name,
            "stream": True,
            "files": {name: f"sha256:{digest}" for name, digest in self.files.items()},
            **{key: value for key, value in wished.items() if value},
        }


class ModelBuilder:
    """Uploads files, creates, copies and deletes models of a server."""

    def __init__(self, server: Ollama) -> None:
        self._server = server

    def has_file(self, sha256: str) -> bool:
        """Whether the server has the bytes already; then they are not sent again."""
        try:
            self._server.endpoint.ask("HEAD", _blob(sha256), None, HEAD_SECONDS)
        except RequestFailed as problem:
            if problem.status.state != "model missing":
                raise problem.status.error() from None
            return False
        return True

    def upload(
        self, file: Path, sha256: str, cancelled: Callable[[], bool] = never
    ) -> Iterator[int]:
        """Send a file; how many of its bytes were sent."""
        with file.open("rb") as opened, errors_of(""):
            size = file.stat().st_size
            yield from self._server.endpoint.send(
                _blob(sha256), opened, size, SEND_SECONDS, cancelled
            )

    def create(self, model: NewModel, cancelled: Callable[[], bool] = never) -> Iterator[str]:
        """Let the server make a model; what it tells of it. Its last word has to be success."""
        with errors_of(model.name):
            for fields in self._server.endpoint.stream(
                "/api/create", model.fields(), CREATE_PATIENCE, cancelled
            ):
                yield str(fields.get("status", ""))

    def copy(self, source: str, target: str) -> None:
        """Give a model a second name; what had it before is replaced."""
        with errors_of(source):
            asked = {"source": source, "destination": target}
            self._server.endpoint.ask("POST", "/api/copy", asked, COPY_SECONDS)

    def delete(self, name: str) -> None:
        """Take a name away; what no other name needs goes with it."""
        with errors_of(name):
            asked = {"model": name}
            self._server.endpoint.ask("DELETE", "/api/delete", asked, DELETE_SECONDS)

    def digests(self) -> dict[str, str]:
        """The digest of every model of the server, by its name."""
        return {model.name: model.digest for model in self._server.models()}


def _blob(sha256: str) -> str:
    return f"/api/blobs/sha256:{sha256}"
