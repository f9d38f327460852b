"""Complete code with a model of an Ollama server."""

import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from typing import assert_never

from gardener_core.answers.requests import CompleteRequest
from gardener_core.answers.writing import Author, write_completion
from gardener_core.errors import OLLAMA_ERRORS
from gardener_core.events.answer import Completed
from gardener_core.events.run import Noted
from gardener_core.events.union import Event
from gardener_core.models.model import OLLAMA
from gardener_core.models.ollama.client import Ollama
from gardener_core.models.ollama.generation import (
    NO_WAITS,
    WAITS,
    OllamaPrompt,
    PromptRead,
    Reading,
    Waiting,
    continue_code,
)
from gardener_core.models.serving.served import Piece


def complete_by_ollama(
    asked: CompleteRequest, started: float, cancelled: Callable[[], bool]
) -> Iterator[Event]:
    """`Noted`, `Token`s, then `Completed`; a server that is down is waited for a little.

    It is not waited for where another base can answer.
    """
    server, name = Ollama.of(os.environ), asked.base.removeprefix(OLLAMA)
    prompt = OllamaPrompt(name, asked.prefix, asked.tokens, asked.tokens_of_context, asked.suffix)
    waits = NO_WAITS if asked.fallback else WAITS
    answer = _OllamaAnswer(continue_code(server, prompt, cancelled, waits))
    yield from answer.begin()
    author = Author(asked.base, "", "ollama")
    for event in write_completion(asked, author, answer.pieces(), started, cancelled):
        if isinstance(event, Completed):
            if event.text and answer.note:
                yield Noted(answer.note)
            read = answer.reading if event.text else ""
            event = replace(event, prompt_read=read, digest=_digest(server, name))
        yield event


def _digest(server: Ollama, name: str) -> str:
    """Which model of that name it is now; empty where the server does not tell any more."""
    with suppress(*OLLAMA_ERRORS):
        return server.find(name).digest
    return ""


class _OllamaAnswer:
    """What comes of a server, told apart: waiting, the text, and how the prompt was read."""

    def __init__(self, answer: Iterator[str | Waiting | PromptRead]) -> None:
        self._answer = answer
        self._first = ""
        self._read: PromptRead | None = None

    def begin(self) -> Iterator[Noted]:
        """Say how long the server is waited for, until the first piece is here."""
        for item in self._answer:
            match item:
                case Waiting(reason=reason, seconds=seconds):
                    yield Noted(f"{reason} Asking again within {seconds:.0f} s.")
                case PromptRead():
                    self._read = item
                case text:
                    self._first = text
                    return

    def pieces(self) -> Iterator[Piece]:
        """The text piece by piece."""
        if self._first:
            yield Piece(self._first, 1)
        for item in self._answer:
            if isinstance(item, PromptRead):
                self._read = item
            elif isinstance(item, str):
                yield Piece(item, 1)

    @property
    def reading(self) -> Reading:
        """Whether the prompt was read whole; an answer that ended early may leave it open."""
        return self._read.reading if self._read else "unknown"

    @property
    def note(self) -> str:
        """What to know of an answer to a prompt that may not have been read whole."""
        match self.reading:
            case "whole":
                return ""
            case "cut":
                context = self._read.context if self._read else 0
                return (
                    f"This Ollama cut the code to the {context:,} tokens of its context; a newer "
                    "one would have refused it."
                )
            case "unknown":
                return "This Ollama does not tell whether it read all of the code."
            case _:
                assert_never(self.reading)
