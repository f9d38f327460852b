"""Events of an answer while it is written."""

from dataclasses import dataclass

from gardener_core.events.parts import Citation


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of an answer as it is written."""

    text: str


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer, whole; `found` is false when the project does not seem to hold it."""

    text: str
    found: bool
    citations: tuple[Citation, ...]
    backend: str
    model: str
    adapter: str
    tokens: int
    seconds_to_first_token: float
    seconds: float


@dataclass(frozen=True, slots=True)
class Completed:
    """The base model's continuation of some code; `adapter` is empty where none took part.

    `model` and `backend` say what answered. `ended` is "scope" where the block of code ended,
    "model" where the model itself ended, "tokens" where it was as long as was asked for.
    `prompt_read` is of an Ollama server: "whole", "cut", or "unknown" where it does not tell.
    """

    text: str
    adapter: str
    tokens: int
    seconds: float
    model: str = ""
    backend: str = ""
    ended: str = ""
    seconds_to_first_token: float = 0.0
    prompt_read: str = ""
