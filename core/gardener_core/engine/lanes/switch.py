"""Make another project ready to be asked."""

import time
from collections.abc import Callable, Iterator
from dataclasses import replace

from gardener_core.answers.serving import ServedBases
from gardener_core.answers.turning import Served
from gardener_core.engine.lanes.read_ahead import reason_to_leave_it
from gardener_core.engine.lanes.search import SearchLane
from gardener_core.engine.protocol import SwitchRequest
from gardener_core.errors import GardenError
from gardener_core.events.switch import Likely, MemoryUse, NotLoaded, Switched, SwitchStep
from gardener_core.models.model import OLLAMA, BaseModel
from gardener_core.models.serving.routing import RequestSize

# Of an ordinary question; the engine is chosen by it.
PROMPT_CHARACTERS, ANSWER_TOKENS = 900, 200


class SwitchLane:
    """Opens a project's index, and turns the loaded base to its adapter and its prompts.

    What cannot be loaded is told, and ends nothing: questions are answered by what there is.
    """

    def __init__(self, search: SearchLane, bases: ServedBases) -> None:
        self._search = search
        self._bases = bases

    def switch(self, request: SwitchRequest, cancelled: Callable[[], bool]) -> Iterator[Switched]:
        """`Switched`, once all is loaded that can be."""
        began = time.perf_counter()
        table = self._search.table_of(request.project)
        chunks = table.count() if table else 0
        step = SwitchStep("index", _since(began), "" if chunks else "There is no index to use.")
        memory = MemoryUse(index=self._search.memory_bytes)
        done = Switched(request.project, (step,), chunks, without=request.without, memory=memory)
        if not request.base:
            yield replace(done, not_loaded="none")
        elif request.base.startswith(OLLAMA):
            yield replace(done, base=request.base, backend="ollama", not_loaded="elsewhere")
        else:
            yield self._with_base(request, done, cancelled)

    def _with_base(
        self, request: SwitchRequest, done: Switched, cancelled: Callable[[], bool]
    ) -> Switched:
        began = time.perf_counter()
        try:
            base = self._bases.base(request.base)
            with self._bases.answering:
                waited = _since(began)
                reason = "unwanted" if cancelled() else self._reason_to_wait(request, base)
                if request.ahead and self._bases.is_loaded(base):
                    reason = "unwanted"  # turning it would cost the project that is in use
                if reason:
                    return replace(done, not_loaded=reason)
                served = self._open(request, base)
                spent = _since(began) - waited
                return self._told(request, done, served, spent, waited)
        except GardenError as problem:
            failed = SwitchStep("model", _since(began), problem.what)
            what = f"{problem.what} {problem.hint}".strip()
            return replace(done, steps=(*done.steps, failed), not_loaded="failed", problem=what)

    def _open(self, request: SwitchRequest, base: BaseModel) -> Served:
        chosen = self._bases.adapter(request.project, request.adapter, base)
        context = min(base.context, request.tokens_of_context)
        size = RequestSize(PROMPT_CHARACTERS, ANSWER_TOKENS, context)
        opening = self._bases.open(base, chosen, size, request)
        try:
            while True:
                next(opening)  # what loading tells is told by the steps
        except StopIteration as ended:
            served: Served = ended.value
        return served

    def _told(
        self, request: SwitchRequest, done: Switched, served: Served, spent: float, waited: float
    ) -> Switched:
        turn = served.turn
        loading = spent - turn.save_seconds - turn.verify_seconds - turn.load_seconds
        note = f"It waited {waited:.1f} s for an answer in progress." if waited > 0.1 else ""
        steps = (
            SwitchStep("model", round(max(0.0, loading) + waited, 4), note),
            SwitchStep("release", round(turn.save_seconds, 4), _tokens(turn.saved, "kept")),
            SwitchStep("verify", round(turn.verify_seconds, 4), served.without),
            SwitchStep("prefix", round(turn.load_seconds, 4), _tokens(turn.loaded, "loaded")),
        )
        without = served.without or request.without
        seconds = self._bases.retry_seconds(request.project, request.adapter) if without else 0.0
        return replace(
            done,
            steps=(*done.steps, *steps),
            base=served.base.name,
            adapter=request.adapter if served.adapter else "",
            backend=served.engine,
            context=min(served.base.context, request.tokens_of_context),
            without=without,
            retry_seconds=round(seconds, 1),
            tokens_kept=turn.loaded,
            top=tuple(Likely(one.id, one.logprob) for one in turn.top),
            memory=replace(
                self._bases.memory(served, request.memory_bytes), index=self._search.memory_bytes
            ),
        )

    def _reason_to_wait(self, request: SwitchRequest, base: BaseModel) -> NotLoaded:
        """Why a base is not loaded before it is asked; empty where it is."""
        if not request.spare or self._bases.is_loaded(base):
            return ""
        reason = reason_to_leave_it(self._bases.is_busy())
        if reason:
            return reason
        context = min(base.context, request.tokens_of_context)
        return "" if self._bases.has_room(base, context, request.memory_bytes) else "memory"


def _since(began: float) -> float:
    return round(time.perf_counter() - began, 4)


def _tokens(count: int, done: str) -> str:
    return f"{count} tokens {done}" if count else ""
