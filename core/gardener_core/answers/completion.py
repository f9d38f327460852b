"""Continue code with a base model and an adapter."""

import time
from collections.abc import Callable, Generator, Iterator
from dataclasses import replace
from pathlib import Path

from gardener_core.answers.by_ollama import complete_by_ollama
from gardener_core.answers.fill_in import fill_in_prompt
from gardener_core.answers.requests import CompleteRequest
from gardener_core.answers.served_adapters import ServedAdapters
from gardener_core.answers.writing import Author, write_completion
from gardener_core.errors import OLLAMA_ERRORS, ModelMissing
from gardener_core.events.answer import Token
from gardener_core.events.run import Noted
from gardener_core.events.union import Event
from gardener_core.models.gguf.rebuild import rebuild_base_gguf, rebuild_training_folder
from gardener_core.models.model import OLLAMA, BaseModel
from gardener_core.models.serving.pool import Loaded, ModelPool, Wanted
from gardener_core.models.serving.routing import RequestSize, Router
from gardener_core.models.serving.served import Engine
from gardener_core.models.serving.speeds import Speeds, measure
from gardener_core.models.store import ModelStore
from gardener_core.system.places import Places


class Completer:
    """Answers with bases that stay loaded, each with its recent adapters."""

    def __init__(self, places: Places) -> None:
        self._models = ModelStore(places)
        self._adapters = ServedAdapters(places)
        self._pool = ModelPool(places.llama_log, places.slots)
        self._speeds = Speeds(places.speeds)
        self._router = Router(self._pool, self._speeds)
        self._lists: dict[str, tuple[Path, ...]] = {}  # the adapters of a base, as it was loaded

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
            other = replace(asked, base=asked.fallback, adapter="", fallback="")
            yield from self._here(other, started, cancelled)

    def close(self) -> None:
        """End every engine."""
        self._pool.close()

    def _here(
        self, asked: CompleteRequest, started: float, cancelled: Callable[[], bool]
    ) -> Iterator[Event]:
        """Complete with a base on this machine."""
        base = self._models.get(asked.base)
        chosen = (
            self._adapters.folder(asked.project, asked.adapter, base) if asked.adapter else None
        )
        size = RequestSize(
            len(asked.prefix) + len(asked.suffix),
            asked.tokens,
            min(base.context, asked.tokens_of_context),
        )
        engine = yield from self._engine(base, chosen, size, asked)
        loaded = yield from self._load(base, engine, chosen, size, asked)
        scales = [float(folder == chosen) for folder in loaded.wanted.adapters]
        prompt = fill_in_prompt(loaded.model, base.name, asked.prefix, asked.suffix)
        pieces = loaded.model.stream(prompt, scales, asked.tokens)
        author = Author(base.name, asked.adapter, engine)
        yield from write_completion(asked, author, pieces, started, cancelled)

    def _engine(
        self, base: BaseModel, chosen: Path | None, size: RequestSize, asked: CompleteRequest
    ) -> Generator[Event, None, Engine]:
        """The engine that answers first, each measured once where there are two."""
        engines = self._router.possible(base, size, asked.memory_bytes, asked.engine)
        for engine in self._router.unmeasured(base, engines):
            yield Noted(f"Measuring once how fast {engine} serves {base.name} here.")
            loaded = yield from self._load(base, engine, chosen, size, asked)
            speed = measure(loaded.model, len(loaded.wanted.adapters), loaded.load_seconds)
            self._speeds.keep(base.sha256, engine, speed)
        return self._router.fastest(base, engines, size)

    def _load(
        self,
        base: BaseModel,
        engine: Engine,
        chosen: Path | None,
        size: RequestSize,
        asked: CompleteRequest,
    ) -> Generator[Event, None, Loaded]:
        if engine == "llama.cpp" and not base.has_gguf:
            rebuild_base_gguf(base)
        if engine == "transformers" and not base.has_folder:
            yield Noted(f"Making the folder of {base.name} that transformers reads.")
            rebuild_training_folder(base)
        wanted = Wanted(base, engine, self._list(base, chosen), size.context)
        for event in self._pool.get(wanted, asked.memory_bytes):
            if isinstance(event, Loaded):
                return event
            yield Noted(event)
        raise AssertionError("the pool ends with what it loaded")

    def _list(self, base: BaseModel, chosen: Path | None) -> tuple[Path, ...]:
        """The adapters to serve; a base that is loaded keeps its own while they are enough."""
        known = self._lists.get(base.sha256, ())
        if (chosen is not None and chosen not in known) or not all(map(Path.exists, known)):
            known = self._adapters.recent(base, chosen)
            self._lists[base.sha256] = known
        return known
