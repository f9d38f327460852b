"""Continue code with a base model and an adapter."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from gardener_core.answers.by_ollama import complete_by_ollama
from gardener_core.answers.fill_in import fill_in_prompt
from gardener_core.answers.requests import CompleteRequest
from gardener_core.answers.serving import ServedBases
from gardener_core.answers.turning import Served
from gardener_core.answers.writing import Author, write_completion
from gardener_core.errors import OLLAMA_ERRORS, ModelMissing
from gardener_core.events.answer import Token
from gardener_core.events.run import Noted
from gardener_core.events.switch import Likely
from gardener_core.events.union import Event
from gardener_core.models.model import OLLAMA
from gardener_core.models.serving.routing import RequestSize


class Completer:
    """Continues code with a base that is loaded, or with a model of Ollama."""

    def __init__(self, bases: ServedBases) -> None:
        self._bases = bases

    def complete(self, asked: CompleteRequest, cancelled: Callable[[], bool]) -> Iterator[Event]:
        """`Noted`, `Token`s, then `Completed`."""
        started, begun = time.perf_counter(), False
        is_ollama = asked.base.startswith(OLLAMA)
        answer = complete_by_ollama if is_ollama else self._here
        try:
            for event in answer(asked, started, cancelled):
                begun = begun or isinstance(event, Token)
                yield event
        except (ModelMissing, *OLLAMA_ERRORS) as problem:
            if begun or asked.fallback in ("", asked.base):
                raise
            yield Noted(f"{problem.what} {asked.fallback} answers instead.")
            without = f"It belongs to {asked.base}." if asked.adapter else ""
            other = replace(asked, base=asked.fallback, adapter="", fallback="", without=without)
            yield from self._here(other, started, cancelled)

    def _here(
        self, asked: CompleteRequest, started: float, cancelled: Callable[[], bool]
    ) -> Iterator[Event]:
        """Complete with a base on this machine."""
        base = self._bases.base(asked.base)
        chosen = self._bases.adapter(asked.project, asked.adapter, base)
        size = RequestSize(
            len(asked.prefix) + len(asked.suffix),
            asked.tokens,
            min(base.context, asked.tokens_of_context),
        )
        with self._bases.answering:
            served = yield from self._bases.open(base, chosen, size, asked)
            prompt = fill_in_prompt(served.model, base.name, asked.prefix, asked.suffix)
            top = self._top(served, prompt, asked.top)
            pieces = served.model.stream(prompt, served.scales, asked.tokens)
            adapter = asked.adapter if served.adapter else ""
            without = served.without or asked.without
            caveat = self._bases.caveat(asked.project, adapter)
            author = Author(base.name, adapter, served.engine, without, caveat, top)
            yield from write_completion(asked, author, pieces, started, cancelled)

    def _top(self, served: Served, prompt: Sequence[int], most: int) -> tuple[Likely, ...]:
        """The likeliest tokens to begin with; what was read for it is not read again."""
        if not most:
            return ()
        places = served.model.complete(prompt, served.scales, 1, top=most).top
        return tuple(Likely(one.id, one.logprob) for one in places[0]) if places else ()
