"""Continue code with a base model and an adapter."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from gardener_core.answers.fill_in import fill_in_prompt
from gardener_core.answers.scope import ScopeEnd
from gardener_core.answers.served_adapters import ServedAdapters
from gardener_core.events.answer import Completed, Token
from gardener_core.events.run import Noted
from gardener_core.events.union import Event
from gardener_core.models.gguf.rebuild import rebuild_base_gguf
from gardener_core.models.llama.client import Llama
from gardener_core.models.llama.pool import LlamaPool, Loaded, Wanted
from gardener_core.models.model import BaseModel
from gardener_core.models.store import ModelStore
from gardener_core.system.places import Places

BACKEND = "llama.cpp"
# Longer contexts cost memory before anybody uses them; the setting `models.context` asks for more.
USUAL_CONTEXT = 4096


@dataclass(frozen=True, slots=True)
class Unfinished:
    """Code to continue, and what with; an empty adapter is the base alone.

    A `context` of 0 is the usual one; `memory_bytes` of 0 leaves the budget to the pool.
    """

    project: str
    base: str
    adapter: str
    prefix: str
    tokens: int
    suffix: str = ""
    context: int = 0
    memory_bytes: int = 0


class Completer:
    """Answers with bases that stay loaded, each with its recent adapters."""

    def __init__(self, places: Places) -> None:
        self._models = ModelStore(places)
        self._adapters = ServedAdapters(places)
        self._pool = LlamaPool(places.llama_log, places.slots)
        self._lists: dict[str, tuple[Path, ...]] = {}  # the adapters of a base, as it was loaded

    def complete(self, asked: Unfinished, cancelled: Callable[[], bool]) -> Iterator[Event]:
        """`Noted`, `Token`s, then `Completed`."""
        started = time.perf_counter()
        base = self._models.get(asked.base)
        chosen = self._adapters.file(asked.project, asked.adapter, base) if asked.adapter else None
        loaded: Loaded | None = None
        for told in self._pool.get(self._wanted(base, chosen, asked.context), asked.memory_bytes):
            if isinstance(told, Loaded):
                loaded = told
            else:
                yield Noted(told)
        assert loaded is not None
        scales = [float(path == chosen) for path in loaded.wanted.adapters]
        yield from _answer(asked, base, loaded.llama, scales, started, cancelled)

    def close(self) -> None:
        """End llama.cpp."""
        self._pool.close()

    def _wanted(self, base: BaseModel, chosen: Path | None, context: int) -> Wanted:
        """What to serve; a base that is loaded keeps its adapters while they are enough."""
        known = self._lists.get(base.sha256, ())
        if (chosen is not None and chosen not in known) or not all(map(Path.exists, known)):
            known = self._adapters.recent(base, chosen)
            self._lists[base.sha256] = known
        if not base.has_gguf:
            rebuild_base_gguf(base)
        return Wanted(base, known, min(base.context, context or USUAL_CONTEXT))


def _answer(
    asked: Unfinished,
    base: BaseModel,
    llama: Llama,
    scales: list[float],
    started: float,
    cancelled: Callable[[], bool],
) -> Iterator[Token | Completed]:
    prompt = fill_in_prompt(llama, base.name, asked.prefix, asked.suffix)
    scope = ScopeEnd(asked.prefix, asked.suffix)
    text, tokens, first = "", 0, 0.0
    for piece in llama.stream(prompt, scales, asked.tokens):
        first = first or time.perf_counter() - started
        tokens += piece.tokens
        passed = scope.take(piece.text)
        if passed:
            text += passed
            yield Token(passed)
        if scope.ended:
            break
        if cancelled():
            break
    if rest := scope.rest():
        text += rest
        yield Token(rest)
    at_end = "tokens" if tokens >= asked.tokens else "model"
    yield Completed(
        text=text,
        adapter=asked.adapter,
        tokens=tokens,
        seconds=round(time.perf_counter() - started, 4),
        model=base.name,
        backend=BACKEND,
        ended="scope" if scope.ended else at_end,
        seconds_to_first_token=round(first, 4),
    )
