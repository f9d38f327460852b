"""Ask an Ollama server for its models."""

import ipaddress
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

from gardener_core.errors import OllamaDown
from gardener_core.models.model import OllamaModel
from gardener_core.models.ollama.states import RequestFailed, State, Status, is_too_old
from gardener_core.models.ollama.wire import Endpoint, Patience, never

PORT = 11434
HERE = "127.0.0.1"
ALL_SIDES = ("0.0.0.0", "::")  # where a server listens everywhere, this machine can be asked
LOOK_SECONDS = 1.0
EMBED_SECONDS = 300.0
QUERY_SECONDS = 5.0
DELETE_SECONDS = 30.0  # it ends the model first, if that is loaded
PULL_SECONDS = 60.0  # without a line; a server that pulls tells of it several times a second
# A model may have to be loaded before the first line; after it no token takes so long.
ANSWER_PATIENCE = Patience(300.0, 60.0)


@dataclass(frozen=True, slots=True)
class PullStep:
    """What a server tells while it pulls; the counts are of one blob and 0 where it has none."""

    status: str
    digest: str = ""
    completed: int = 0
    total: int = 0

    @property
    def is_last(self) -> bool:
        """Whether the model is there now."""
        return self.status == "success"


@dataclass(frozen=True, slots=True)
class Ollama:
    """A server; what it cannot do is an error that says which state it is in."""

    endpoint: Endpoint

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
        return cls(Endpoint(HERE if host in ALL_SIDES else host, port, place.scheme == "https"))

    @property
    def is_here(self) -> bool:
        """Whether it runs on this machine."""
        with suppress(ValueError):
            return ipaddress.ip_address(self.endpoint.host).is_loopback
        return self.endpoint.host == "localhost"

    @property
    def address(self) -> str:
        """Host and port."""
        return self.endpoint.address

    def status(self) -> Status:
        """What it can do now: up, or what else is the case."""
        try:
            answer = self.endpoint.ask("GET", "/api/version", None, LOOK_SECONDS)
        except RequestFailed as problem:
            status = problem.status
            return replace(status, state="refused") if status.state == "model missing" else status
        version = str(answer.get("version", ""))
        state: State = "too old" if is_too_old(version) else "up"
        return Status(state, self.address, version=version)

    def version(self) -> str:
        """The server's version."""
        return str(self._look("GET", "/api/version").get("version", ""))

    def models(self) -> list[OllamaModel]:
        """Every model of the server, as far as its list describes them."""
        listed = self._look("GET", "/api/tags").get("models")
        return [_listed(item) for item in listed or [] if isinstance(item, dict)]

    def find(self, name: str) -> OllamaModel:
        """One model of the list; a name without a tag means `latest`."""
        wanted = name if ":" in name.rpartition("/")[2] else f"{name}:latest"
        for model in self.models():
            if model.name in (name, wanted):
                return model
        raise Status("model missing", self.address, model=name).error()

    def show(self, name: str) -> Mapping[str, Any]:
        """What the server says of a model."""
        return self._look("POST", "/api/show", {"model": name}, name)

    def describe(self, model: OllamaModel) -> OllamaModel:
        """A model with what the server says of it alone."""
        return _described(model, self.show(model.name))

    def pull(
        self, name: str, seconds: float = PULL_SECONDS, cancelled: Callable[[], bool] = never
    ) -> Iterator[PullStep]:
        """Let the server fetch a model; closing this ends it, and it goes on from there later.

        Cancelled, it ends without a last step.
        """
        asked = {"model": name, "stream": True}
        patience = Patience(seconds, seconds)
        with errors_of(name):
            for fields in self.endpoint.stream("/api/pull", asked, patience, cancelled):
                yield _pull_step(fields)

    def delete(self, name: str) -> None:
        """Delete a model of the server, for good."""
        with errors_of(name):
            self.endpoint.ask("DELETE", "/api/delete", {"model": name}, DELETE_SECONDS)

    def embed(self, name: str, texts: Sequence[str], seconds: float) -> list[list[float]]:
        """A vector for each text; one that is longer than the context is an error."""
        asked = {"model": name, "input": list(texts), "truncate": False}
        with errors_of(name):
            found = self.endpoint.ask("POST", "/api/embed", asked, seconds).get("embeddings")
        return found if isinstance(found, list) else []

    def generate(
        self, asked: Mapping[str, Any], cancelled: Callable[[], bool] = never
    ) -> Iterator[Mapping[str, Any]]:
        """The lines of an answer; the last has `done` and what was read and written.

        Where `asked` holds messages instead of a prompt, the model's chat template is put around.
        """
        name, context = str(asked["model"]), int(asked["options"]["num_ctx"])
        path = "/api/chat" if "messages" in asked else "/api/generate"
        try:
            yield from self.endpoint.stream(path, asked, ANSWER_PATIENCE, cancelled)
        except RequestFailed as problem:
            status = replace(problem.status, model=name)
            if status.state == "context too small":
                known = status.context or context
                status = replace(status, context=known, longest=self.longest_context(name))
            raise status.error() from None

    def longest_context(self, name: str) -> int:
        """How many tokens a model can read; 0 where the server does not say."""
        return _context_in(self.show(name))

    def _look(self, method: str, path: str, body: object = None, name: str = "") -> dict[str, Any]:
        with errors_of(name):
            return self.endpoint.ask(method, path, body, LOOK_SECONDS)


@contextmanager
def errors_of(name: str) -> Iterator[None]:
    """Raise problems as errors about a model, or about the server alone."""
    try:
        yield
    except RequestFailed as problem:
        status = replace(problem.status, model=name)
        if status.state == "model missing" and not name:
            status = replace(status, state="refused")
        raise status.error() from None


def _pull_step(fields: Mapping[str, Any]) -> PullStep:
    return PullStep(
        str(fields.get("status", "")),
        str(fields.get("digest", "")),
        _count(fields.get("completed")),
        _count(fields.get("total")),
    )


def _listed(fields: Mapping[str, Any]) -> OllamaModel:
    details = _object(fields, "details")
    return OllamaModel(
        name=str(fields.get("name", "")),
        digest=str(fields.get("digest", "")).removeprefix("sha256:"),
        bytes=_count(fields.get("size")),
        family=str(details.get("family", "")),
        remote=str(fields.get("remote_host", "")),
        parameters=str(details.get("parameter_size", "")),
        quantisation=str(details.get("quantization_level", "")),
    )


def _described(model: OllamaModel, fields: Mapping[str, Any]) -> OllamaModel:
    capabilities, licence = fields.get("capabilities"), str(fields.get("license") or "").strip()
    return replace(
        model,
        capabilities=tuple(map(str, capabilities)) if isinstance(capabilities, list) else (),
        context=_context_in(fields),
        licence=licence.partition("\n")[0].strip(),
    )


def _context_in(fields: Mapping[str, Any]) -> int:
    info = _object(fields, "model_info")
    return _count(info.get(f"{info.get('general.architecture', '')}.context_length"))


def _object(fields: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = fields.get(name)
    return value if isinstance(value, dict) else {}


def _count(value: object) -> int:
    return value if type(value) is int and value > 0 else 0
