"""Keep bases loaded, and open the one that answers."""

import math
import threading
import time
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

USUAL_SPEED = 90.0  # tokens read a second, where nobody has measured it
STEP = 1.5
SLOWING = 0.05
FEWEST_TELLING = 16  # tokens; fewer are read or written faster or slower by chance


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
    load_seconds: float = 0.0


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

    def reading_speed(self, base: BaseModel, engine: Engine) -> float:
        """How many tokens a second an engine reads here, in coarse steps.

        A step keeps what a prompt begins with the same while the machine is a little faster or
        slower, so that it is read once.
        """
        known = self._speeds.of(base.sha256, engine)
        speed = known.read if known else USUAL_SPEED
        step = math.floor(math.log(max(speed, 1.0) / USUAL_SPEED) / math.log(STEP) + 0.5)
        return float(USUAL_SPEED * STEP**step)

    def note_speed(self, served: Served) -> None:
        """Take into account how fast the last answer was read and written, if that tells."""
        timing = served.model.timing
        if min(timing.read, timing.written) < FEWEST_TELLING or timing.written_seconds <= 0:
            return
        read = timing.read / max(timing.read_seconds, 1e-6)
        written = timing.written / timing.written_seconds
        known = self._speeds.of(served.base.sha256, served.engine)
        if known is not None:
            read, written = _smoothed(known.read, read), _smoothed(known.written, written)
        speed = Speed(read, written, served.load_seconds, time.time())
        self._speeds.keep(served.base.sha256, served.engine, speed)

    def is_busy(self) -> bool:
        """Whether a run takes the machine's cores."""
        return self._pool.is_beside_a_run()

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
        return Served(base, engine, loaded.model, scales, chosen, loaded.load_seconds)

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


def _smoothed(known: float, measured: float) -> float:
    """The speed of a quiet machine: one measurement beside other work lowers it only a little."""
    return max(measured, known + (measured - known) * SLOWING)
