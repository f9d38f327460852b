"""A client for Ollama servers."""

# Not the `ollama` package: on a busy two-core machine importing it took 0.6 to 1.1 s and 27 MB more
# than `http.client`, which takes 0.07 to 0.13 s, and it would ask a proxy named in the environment.

import ipaddress
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from gardener_core.errors import (
    GardenError,
    OllamaBusy,
    OllamaDown,
    OllamaModelMissing,
    OllamaOutOfMemory,
    OllamaRefused,
)
from gardener_core.models.model import OllamaModel

if TYPE_CHECKING:
    import http.client

PORT = 11434
HERE = "127.0.0.1"
ALL_SIDES = ("0.0.0.0", "::")  # where a server listens everywhere, this machine can be asked
OK, BAD_REQUEST, NOT_FOUND, UNAVAILABLE = 200, 400, 404, 503
LOOK_SECONDS = 1.0
EMBED_SECONDS = 300.0
QUERY_SECONDS = 5.0
PULL_SECONDS = 60.0  # without a line; a server that pulls tells of it several times a second
LONGEST_LINE = 1_000_000


class ErrorStatus(Exception):
    """The server answered with an error status; its text is all that tells some of them apart."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(status, message)
        self.status = status
        self.message = message

    @property
    def is_too_long(self) -> bool:
        """Whether a text has more tokens than the model reads."""
        return self.status == BAD_REQUEST and "context length" in self.message.lower()

    def error(self, address: str, request: str) -> GardenError:
        """The same as an error for people."""
        what = f"Ollama at {address} answers {request} with {self.status}: {self.message}."
        if self.status == NOT_FOUND:
            return OllamaModelMissing(what, hint="Run: ollama list")
        if self.status == UNAVAILABLE:
            return OllamaBusy(what, hint="Try again in a moment.")
        if "more system memory" in self.message or "out of memory" in self.message:
            return OllamaOutOfMemory(what, hint="Choose a smaller model, or end other programs.")
        return OllamaRefused(what, hint="Look into its log.")


@dataclass(frozen=True, slots=True)
class PullStep:
    """What a server tells while it pulls; the counts are of one blob and 0 where it has none."""

    status: str
    digest: str = ""
    completed: int = 0
    total: int = 0


@dataclass(frozen=True, slots=True)
class Ollama:
    """A server by its address; never asked through a proxy."""

    host: str
    port: int
    secure: bool = False

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> "Ollama":
        """The server that OLLAMA_HOST names, else the one of this machine."""
        named = environment.get("OLLAMA_HOST", "") or HERE
        try:
            place = urlsplit(named if "://" in named else f"http://{named}")
            host, port = place.hostname or HERE, place.port or PORT
        except ValueError:
            raise OllamaDown(
                f"OLLAMA_HOST is no address: {named}.", hint="Give it as HOST:PORT."
            ) from None
        return cls(HERE if host in ALL_SIDES else host, port, place.scheme == "https")

    @property
    def is_here(self) -> bool:
        """Whether it runs on this machine."""
        with suppress(ValueError):
            return ipaddress.ip_address(self.host).is_loopback
        return self.host == "localhost"

    @property
    def address(self) -> str:
        """Host and port."""
        return f"{self.host}:{self.port}"

    def version(self) -> str:
        """The server's version."""
        return str(self._look("GET", "/api/version").get("version", ""))

    def models(self) -> list[OllamaModel]:
        """Every model of the server."""
        listed = self._look("GET", "/api/tags").get("models")
        return [_model(item) for item in listed or [] if isinstance(item, dict)]

    def find(self, name: str) -> OllamaModel:
        """One model; a name without a tag means `latest`."""
        wanted = name if ":" in name.rpartition("/")[2] else f"{name}:latest"
        for model in self.models():
            if model.name in (name, wanted):
                return model
        raise OllamaModelMissing(
            f"Ollama at {self.address} has no model {name}.", hint=f"Run: ollama pull {name}"
        )

    def show(self, name: str) -> Mapping[str, Any]:
        """The details of a model."""
        return self._look("POST", "/api/show", {"model": name})

    def pull(self, name: str, seconds: float = PULL_SECONDS) -> Iterator[PullStep]:
        """Let the server fetch a model; closing this ends it, and it goes on from there later.

        An error inside the stream is an error, and so is a stream that ends without success.
        """
        import http.client  # as in `_ask`

        connection = self._connection(seconds)
        try:
            body = json.dumps({"model": name, "stream": True})
            connection.request("POST", "/api/pull", body, {"Content-Type": "application/json"})
            response = connection.getresponse()
            if response.status != OK:
                raise ErrorStatus(response.status, _error_in(response.read(LONGEST_LINE)))
            status = ""
            while status != "success" and (line := response.readline(LONGEST_LINE)):
                step = _pull_step(line)
                status = step.status
                yield step
            if status != "success":
                raise OllamaRefused("Its stream ended before the model was there.", hint="")
        except ErrorStatus as problem:
            raise problem.error(self.address, f"a request to pull {name}") from None
        except (OSError, ValueError, http.client.HTTPException) as problem:
            raise OllamaDown(
                f"Ollama at {self.address} broke off: {problem}.", hint="Look into its log."
            ) from None
        finally:
            connection.close()

    def embed(self, name: str, texts: Sequence[str], seconds: float) -> list[list[float]]:
        """A vector for each text."""
        asked = {"model": name, "input": list(texts), "truncate": False}
        found = self._ask("POST", "/api/embed", asked, seconds).get("embeddings")
        return found if isinstance(found, list) else []

    def _look(self, method: str, path: str, body: object = None) -> dict[str, Any]:
        try:
            return self._ask(method, path, body, LOOK_SECONDS)
        except ErrorStatus as problem:
            raise problem.error(self.address, path) from None

    def _ask(self, method: str, path: str, body: object, seconds: float) -> dict[str, Any]:
        import http.client  # 15 ms of every start, as it reads mail too; for this call alone

        connection = self._connection(seconds)
        try:
            sent = None if body is None else json.dumps(body)
            connection.request(method, path, sent, {"Content-Type": "application/json"})
            response = connection.getresponse()
            answer = json.loads(response.read())
        except (OSError, ValueError, http.client.HTTPException) as problem:
            raise OllamaDown(
                f"Ollama does not answer at {self.address}: {problem}.", hint="Run: ollama serve"
            ) from None
        finally:
            connection.close()
        fields = answer if isinstance(answer, dict) else {}
        if response.status != OK:
            raise ErrorStatus(response.status, str(fields.get("error", "")))
        return fields

    def _connection(self, seconds: float) -> "http.client.HTTPConnection":
        import http.client

        kind = http.client.HTTPSConnection if self.secure else http.client.HTTPConnection
        return kind(self.host, self.port, timeout=seconds)


def _pull_step(line: bytes) -> PullStep:
    fields = json.loads(line)
    if not isinstance(fields, dict):
        raise ValueError("it told something that is no object")
    if "error" in fields:
        raise OllamaRefused(f"Ollama cannot pull it: {fields['error']}.", hint="")
    return PullStep(
        str(fields.get("status", "")),
        str(fields.get("digest", "")),
        _count(fields.get("completed")),
        _count(fields.get("total")),
    )


def _count(value: object) -> int:
    return value if type(value) is int and value > 0 else 0


def _error_in(body: bytes) -> str:
    """The text of an error; a proxy may answer with something that is no JSON."""
    with suppress(ValueError):
        fields = json.loads(body)
        if isinstance(fields, dict):
            return str(fields.get("error", ""))
    return ""


def _model(fields: Mapping[str, Any]) -> OllamaModel:
    details = fields.get("details")
    return OllamaModel(
        name=str(fields.get("name", "")),
        digest=str(fields.get("digest", "")).removeprefix("sha256:"),
        bytes=int(fields.get("size", 0)),
        family=str(details.get("family", "")) if isinstance(details, dict) else "",
        remote=str(fields.get("remote_host", "")),
    )
