"""Keep bases loaded, and open the one that answers."""

import threading
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from gardener_core.answers.served_adapters import ServedAdapters
from gardener_core.events.run import Noted
from gardener_core.events.union import Event
from gardener_core.models.gguf.rebuild import rebuild_base_gguf, rebuild_training_folder
from gardener_core.models.model import BaseModel
from gardener_core.models.serving.pool import Loaded, ModelPool, Wanted
from gardener_core.models.serving.routing import RequestSize, Router
from gardener_core.models.serving.served import Engine, EngineSetting, ServedModel
from gardener_core.models.serving.speeds import Speed, Speeds, measure
from gardener_core.models.store import ModelStore
from gardener_core.system.places import Places


class Limits(Protocol):
    """What a request allows: memory for all models in bytes, 0 for the usual, and engines."""

    @property
    def memory_bytes(self) -> int:
        """The budget of all loaded models."""
        ...

    @property
    def engine(self) -> EngineSetting:
        """The engine that answers, or auto."""
        ...


@dataclass(frozen=True, slots=True)
class Served:
    """A loaded base that is ready to answer, its engine, and the adapter that is on."""

    base: BaseModel
    engine: Engine
    model: ServedModel
    scales: tuple[float, ...]
    adapter: Path | None = None


class ServedBases:
    """The bases that are loaded, each with its recent adapters.

    Whoever opens one holds `answering` until it has answered: what is loaded must not be ended by
    another request.
    """

    def __init__(self, places: Places) -> None:
        self.answering = threading.Lock()
        self._models = ModelStore(places)
        self._adapters = ServedAdapters(places)
        self._pool = ModelPool(places.llama_log, places.slots)
        self._speeds = Speeds(places.speeds)
        self._router = Router(self._pool, self._speeds)
        self._lists: dict[str, tuple[Path, ...]] = {}  # the adapters of a base, as it was loaded

    def base(self, name: str) -> BaseModel:
        """A base on this machine."""
        return self._models.get(name)

    def adapter(self, project: str, version: str, base: BaseModel) -> Path | None:
        """The folder of an adapter; None for the base alone."""
        return self._adapters.folder(project, version, base) if version else None

    def speed(self, base: BaseModel, engine: Engine) -> Speed | None:
        """How fast an engine serves a base here, where that is known."""
        return self._speeds.of(base.sha256, engine)

    def open(
        self, base: BaseModel, chosen: Path | None, size: RequestSize, limits: Limits
    ) -> Generator[Event, None, Served]:
        """Load what answers first, each engine measured once where there are two."""
        engines = self._router.possible(base, size, limits.memory_bytes, limits.engine)
        for engine in self._router.unmeasured(base, engines):
            yield Noted(f"Measuring once how fast {engine} serves {base.name} here.")
            loaded = yield from self._load(base, engine, chosen, size, limits)
            speed = measure(loaded.model, len(loaded.wanted.adapters), loaded.load_seconds)
            self._speeds.keep(base.sha256, engine, speed)
        engine = self._router.fastest(base, engines, size)
        loaded = yield from self._load(base, engine, chosen, size, limits)
        scales = tuple(float(folder == chosen) for folder in loaded.wanted.adapters)
        return Served(base, engine, loaded.model, scales, chosen)

    def close(self) -> None:
        """End every engine."""
        self._pool.close()

    def _load(
        self,
        base: BaseModel,
        engine: Engine,
        chosen: Path | None,
        size: RequestSize,
        limits: Limits,
    ) -> Generator[Event, None, Loaded]:
        if engine == "llama.cpp" and not base.has_gguf:
            rebuild_base_gguf(base)
        if engine == "transformers" and not base.has_folder:
            yield Noted(f"Making the folder of {base.name} that transformers reads.")
            rebuild_training_folder(base)
        wanted = Wanted(base, engine, self._list(base, chosen), size.context)
        for event in self._pool.get(wanted, limits.memory_bytes):
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
