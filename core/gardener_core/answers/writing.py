"""Write a completion as it comes."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from gardener_core.answers.requests import CompleteRequest
from gardener_core.answers.scope import ScopeEnd
from gardener_core.events.answer import Completed, Token
from gardener_core.events.switch import Likely
from gardener_core.models.serving.served import Piece


@dataclass(frozen=True, slots=True)
class Author:
    """What answers: a model, the adapter that is on, and the engine that computes.

    `without` says why an adapter that was wished for is not on; `caveat` that it has not passed the
    gate. `top` is how it likes to begin.
    """

    model: str
    adapter: str
    backend: str
    without: str = ""
    caveat: str = ""
    top: tuple[Likely, ...] = ()


def write_completion(
    asked: CompleteRequest,
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
        without=author.without,
        caveat=author.caveat,
        top=author.top,
    )
