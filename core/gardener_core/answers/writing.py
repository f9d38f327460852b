"""Write a completion as it comes."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from gardener_core.answers.scope import ScopeEnd
from gardener_core.events.answer import Completed, Token
from gardener_core.models.serving.served import EngineSetting, Piece

# Longer contexts cost memory before anybody uses them; the setting `models.context` asks for more.
USUAL_CONTEXT = 4096


@dataclass(frozen=True, slots=True)
class Unfinished:
    """Code to continue, and what with; an empty adapter is the base alone.

    A `context` of 0 is the usual one; `memory_bytes` of 0 leaves the budget to the pool. Where the
    base cannot answer, the fallback does, without an adapter.
    """

    project: str
    base: str
    adapter: str
    prefix: str
    tokens: int
    suffix: str = ""
    context: int = 0
    memory_bytes: int = 0
    engine: EngineSetting = "auto"
    fallback: str = ""

    @property
    def tokens_of_context(self) -> int:
        """How much is reserved for the prompt and what is written."""
        return self.context or USUAL_CONTEXT


@dataclass(frozen=True, slots=True)
class Author:
    """What answers: a model, the adapter that is on, and the engine that computes."""

    model: str
    adapter: str
    backend: str


def write_completion(
    asked: Unfinished,
    author: Author,
    pieces: Iterator[Piece],
    started: float,
    cancelled: Callable[[], bool],
) -> Iterator[Token | Completed]:
    """`Token`s up to the end of the scope, then `Completed`."""
    scope = ScopeEnd(asked.prefix, asked.suffix)
    text, tokens, first = "", 0, 0.0
    for piece in pieces:
        first = first or time.perf_counter() - started
        tokens += piece.tokens
        passed = scope.take(piece.text)
        if passed:
            text += passed
            yield Token(passed)
        if scope.ended or cancelled():
            break
    if rest := scope.rest():
        text += rest
        yield Token(rest)
    at_end = "tokens" if tokens >= asked.tokens else "model"
    yield Completed(
        text=text,
        adapter=author.adapter,
        tokens=tokens,
        seconds=round(time.perf_counter() - started, 4),
        model=author.model,
        backend=author.backend,
        ended="scope" if scope.ended else at_end,
        seconds_to_first_token=round(first, 4),
    )
