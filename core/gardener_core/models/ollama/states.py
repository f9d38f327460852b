"""The states of an Ollama server, in words."""

import json
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Literal, assert_never

from gardener_core.errors import (
    GardenError,
    OllamaBrokeOff,
    OllamaBusy,
    OllamaContextTooSmall,
    OllamaDiskFull,
    OllamaDown,
    OllamaModelMissing,
    OllamaNoAdapters,
    OllamaOutOfMemory,
    OllamaRefused,
    OllamaSilent,
    OllamaTooOld,
    Remedy,
)
from gardener_core.models.model import OLLAMA

Failure = Literal[
    "down", "too old", "model missing", "context too small",
    "busy", "out of memory", "refused", "broken off", "silent", "disk full", "no adapters",
]  # fmt: skip
State = Literal["up"] | Failure
Version = tuple[int, ...]

OLDEST: Version = (0, 6, 4)  # the first whose /api/show tells what a model is capable of
KNOWS_TRUNCATE: Version = (0, 12, 6)  # the first that refuses a prompt it would have to cut
_NO_SPACE = "no space left on device"
# What a server since 0.34.1 says of any adapter, and an older one of a base whose engine has none.
_NO_ADAPTERS = ("LoRA adapters are no longer supported", "loras are not yet implemented")
ALL_ADAPTERS_SINCE: Version = (0, 30)
NO_ADAPTERS_SINCE: Version = (0, 34, 1)
_OLDER_ENGINE = frozenset({"llama", "qwen2", "gemma2", "phi3"})
BAD_REQUEST, NOT_FOUND, UNAVAILABLE = 400, 404, 503

_CLASSES: dict[Failure, type[GardenError]] = {
    "down": OllamaDown,
    "too old": OllamaTooOld,
    "model missing": OllamaModelMissing,
    "context too small": OllamaContextTooSmall,
    "busy": OllamaBusy,
    "out of memory": OllamaOutOfMemory,
    "refused": OllamaRefused,
    "broken off": OllamaBrokeOff,
    "silent": OllamaSilent,
    "disk full": OllamaDiskFull,
    "no adapters": OllamaNoAdapters,
}


@dataclass(frozen=True, slots=True)
class Status:
    """What a server can do now, with what it or the system said in its own words.

    `tokens` is how long a prompt is, `context` how much was reserved for it and `longest` what the
    model can read at most; each is 0 where it is not known.
    """

    state: State
    address: str
    said: str = ""
    version: str = ""
    model: str = ""
    tokens: int = 0
    context: int = 0
    longest: int = 0

    @property
    def what(self) -> str:
        """What is the case."""
        server = f"Ollama at {self.address}"
        match self.state:
            case "up":
                return f"Ollama {self.version} answers at {self.address}."
            case "down":
                return f"Ollama does not answer at {self.address}: {self.said}."
            case "too old":
                oldest = ".".join(map(str, OLDEST))
                return f"{server} is version {self.version}, and {oldest} or later is needed."
            case "model missing":
                return f"{server} has no model {self.model}."
            case "context too small":
                counted = f" of {self.tokens:,} tokens" if self.tokens else ""
                room = f"the {self.context:,} tokens" if self.context else "the context"
                return f"The prompt{counted} exceeds {room} that {server} gives {self.model}."
            case "busy":
                return f"{server} has too many requests waiting: {self.said}."
            case "out of memory":
                return f"{server} has too little memory for {self.model}: {self.said}."
            case "refused":
                return f"{server} failed: {self.said}."
            case "broken off":
                return f"{server} broke off in mid-answer: {self.said}."
            case "silent":
                return f"{server} said nothing for {self.said}."
            case "disk full":
                return f"{server} has no room on its disk: {self.said}."
            case "no adapters":
                return f"{server} takes no adapters: {self.said}."
            case _:
                assert_never(self.state)

    @property
    def hint(self) -> str:
        """What to do about it where that is no act of this program; empty while it is up."""
        match self.state:
            case "up" | "model missing":
                return ""
            case "down":
                return "Run: ollama serve"
            case "too old":
                return "Install a newer one from ollama.com/download."
            case "context too small":
                return self._longer_context()
            case "busy":
                return "Try again in a moment."
            case "out of memory":
                return "Choose a smaller model, or end other programs."
            case "refused":
                return "Look into its log."
            case "broken off":
                return "Ask again; its log says why it ended."
            case "disk full":
                return "Free some space there, or delete a model of it."
            case "no adapters":
                return "Deploy the merged model."
            case "silent":
                return "It may be loading a large model. Ask again, or start it anew."
            case _:
                assert_never(self.state)

    @property
    def remedy(self) -> Remedy | None:
        """What this program can do about it."""
        return Remedy("pull", OLLAMA + self.model) if self.state == "model missing" else None

    def error(self) -> GardenError:
        """The same as an error for people."""
        if self.state == "up":
            raise AssertionError("a server that is up is no error")
        return _CLASSES[self.state](self.what, hint=self.hint, remedy=self.remedy)

    def _longer_context(self) -> str:
        if self.longest and self.context >= self.longest:
            most = f"{self.model} reads {self.longest:,} tokens at most."
            return f"{most} Choose a model with a longer context, or give less."
        most = f", at most to {self.longest}" if self.longest else ""
        return f"Raise models.context in the settings{most}."


class RequestFailed(Exception):
    """A request that failed, with the state that shows."""

    def __init__(self, status: Status) -> None:
        super().__init__(status)
        self.status = status


def refusal(address: str, code: int, body: str | bytes) -> Status:
    """The state that an error shows, whose text is all that tells some of them apart.

    A code of 0 is an error inside of a stream. Since 0.30 a server hands on what llama-server
    answers, as JSON inside of the text.
    """
    text = _text_of(body)
    inner = _object(text).get("error")
    detail = inner if isinstance(inner, dict) else {}
    message = str(detail.get("message", "") or text).strip().rstrip(".")
    said = f"{code}: {message}" if code else message
    is_too_long = (
        detail.get("type") == "exceed_context_size_error" or "context length" in message.lower()
    )
    if is_too_long and code in (0, BAD_REQUEST):
        tokens, context = _count(detail.get("n_prompt_tokens")), _count(detail.get("n_ctx"))
        return Status("context too small", address, said, tokens=tokens, context=context)
    if _NO_SPACE in message:
        return Status("disk full", address, message)
    if any(words in message for words in _NO_ADAPTERS):
        return Status("no adapters", address, message)
    if code == NOT_FOUND:
        return Status("model missing", address, said)
    if code == UNAVAILABLE:
        return Status("busy", address, message)
    if "more system memory" in message or "out of memory" in message:
        return Status("out of memory", address, message)
    return Status("refused", address, said)


def version_of(text: str) -> Version:
    """The numbers of a version; empty where it has none, as of a build of one's own."""
    numbers = []
    for part in text.partition("-")[0].split("."):
        if not part.isdigit():
            return ()
        numbers.append(int(part))
    return () if not any(numbers) else tuple(numbers)


def is_too_old(version: str) -> bool:
    """Whether a version lacks what is needed; one without numbers is taken for a new one."""
    numbers = version_of(version)
    return bool(numbers) and numbers < OLDEST


def knows_truncate(version: str) -> bool:
    """Whether a server refuses a prompt that it would have to cut, where it is told to."""
    numbers = version_of(version)
    return not numbers or numbers >= KNOWS_TRUNCATE


def takes_adapters(version: str, architecture: str) -> bool:
    """Whether a server of this version serves an adapter beside a base of this architecture.

    Up to 0.24 only its older engine does; since 0.34.1 none. What it answers decides.
    """
    numbers = version_of(version)
    if not numbers or numbers >= NO_ADAPTERS_SINCE:
        return False
    return numbers >= ALL_ADAPTERS_SINCE or architecture in _OLDER_ENGINE


def _text_of(body: str | bytes) -> str:
    """The text of an error; a proxy may answer with something that is no JSON."""
    if isinstance(body, str):
        return body
    plain = body[:200].decode("utf-8", "replace")
    return str(_object(body).get("error", plain))


def _object(text: str | bytes) -> dict[str, Any]:
    with suppress(ValueError):
        fields = json.loads(text)
        if isinstance(fields, dict):
            return fields
    return {}


def _count(value: object) -> int:
    return value if type(value) is int and value > 0 else 0
