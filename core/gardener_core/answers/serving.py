"""Keep bases loaded, and open the one that answers."""

import math
import os
import threading
import time
from collections.abc import Generator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol, get_args

from gardener_core.answers.adapter_retries import AdapterRetries
from gardener_core.answers.served_adapters import ServedAdapters
from gardener_core.answers.turning import Served, Turns
from gardener_core.errors import AdapterMissing, Damaged, ModelUnfit, WrongBase
from gardener_core.events.run import Noted
from gardener_core.events.switch import MemoryUse
from gardener_core.events.union import Event
from gardener_core.models.gguf.rebuild import rebuild_base_gguf, rebuild_training_folder
from gardener_core.models.model import BaseModel
from gardener_core.models.serving.pool import Loaded, ModelPool, Wanted
from gardener_core.models.serving.routing import RequestSize, Router
from gardener_core.models.serving.served import Engine, EngineSetting
from gardener_core.models.serving.speeds import Speed, Speeds, measure
from gardener_core.models.store import ModelStore
from gardener_core.system.hardware import usable_cores
from gardener_core.system.places import Places

USUAL_SPEED = 90.0  # tokens read a second, where nobody has measured it
STEP = 1.5
SLOWING = 0.05
FEWEST_TELLING = 16  # tokens; fewer are read or written faster or slower by chance


class Wishes(Protocol):
    """Whose request it is, and what it allows: memory for all models in bytes, and engines."""

    @property
    def project(self) -> str:
        """The project whose prompts are read; empty for none."""
        ...

    @property
    def memory_bytes(self) -> int:
        """The budget of all loaded models; 0 for the usual."""
        ...

    @property
    def engine(self) -> EngineSetting:
        """The engine that answers, or auto."""
        ...


@dataclass(frozen=True, slots=True)
class ChosenAdapter:
    """The adapter that is wished for, if it can be used; else `without` says why it cannot."""

    folder: Path | None = None
    without: str = ""


BASE_ALONE = ChosenAdapter()


class ServedBases:
    """The bases that are loaded, each with its recent adapters.

    Whoever opens one holds `answering` until it has answered: what is loaded must not be ended by
    another request.
    """

    def __init__(self, places: Places) -> None:
        self.answering = threading.Lock()
        self._models = ModelStore(places)
        self._adapters = ServedAdapters(places)
        self.caveat = self._adapters.caveat
        self._pool = ModelPool(places.llama_log, places.slots, states=places.prefixes)
        self._retries = AdapterRetries()
        self._turns = Turns(places)
        self._speeds = Speeds(places.speeds)
        self._router = Router(self._pool, self._speeds)
        self._lists: dict[str, tuple[Path, ...]] = {}  # the adapters of a base, as it was loaded

    def base(self, name: str) -> BaseModel:
        """A base on this machine."""
        return self._models.get(name)

    def adapter(self, project: str, version: str, base: BaseModel) -> ChosenAdapter:
        """The adapter of this version, or why it cannot be used; none where none is wished for."""
        if not version:
            return BASE_ALONE
        path = self._adapters.path(project, version)
        if reason := self._retries.reason(path):
            return ChosenAdapter(None, reason)
        try:
            return ChosenAdapter(self._adapters.folder(project, version, base))
        except (AdapterMissing, Damaged, WrongBase) as problem:
            self._retries.failed(path, problem.what)
            return ChosenAdapter(None, problem.what)

    def retry_seconds(self, project: str, version: str) -> float:
        """How long it is until an adapter that did not load may be tried again; 0 for never."""
        return self._retries.seconds_left(self._adapters.path(project, version))

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
        if known is not None and read < known.read and os.getloadavg()[0] > usable_cores():
            return  # other work takes its time; that says nothing of this machine
        if known is not None:
            read, written = _smoothed(known.read, read), _smoothed(known.written, written)
        speed = Speed(read, written, served.load_seconds, time.time())
        self._speeds.keep(served.base.sha256, served.engine, speed)

    def is_loaded(self, base: BaseModel) -> bool:
        """Whether a base runs now."""
        return any(self._pool.is_loaded(base, engine) for engine in get_args(Engine))

    def has_room(self, base: BaseModel, context: int, memory_bytes: int) -> bool:
        """Whether a base may be loaded without ending another one."""
        return self._pool.has_room(base, context, memory_bytes)

    def memory(self, served: Served, memory_bytes: int) -> MemoryUse:
        """What the served base takes, and all that is loaded."""
        return self._pool.memory(served.base, served.engine, memory_bytes)

    def is_busy(self) -> bool:
        """Whether a run takes the machine's cores."""
        return self._pool.is_beside_a_run()

    def open(
        self, base: BaseModel, chosen: ChosenAdapter, size: RequestSize, wishes: Wishes
    ) -> Generator[Event, None, Served]:
        """Load what answers first, and turn it to the project's own adapter and prompts.

        Where the adapter does not load, or does not answer as it did when it was first loaded, the
        base is alone.
        """
        folder, without = chosen.folder, chosen.without
        if folder is not None and (reason := self._retries.reason(folder)):
            folder, without = None, reason
        if folder is not None:
            try:
                served = yield from self._opened_alone(base, folder, size, wishes)
                without = served.turn.unlike
            except ModelUnfit as problem:
                without = problem.what
                self._lists.pop(base.sha256, None)
            if not without:
                self._retries.worked(folder)
                return served
            self._retries.failed(folder, without)
        served = yield from self._opened_alone(base, None, size, wishes)
        return replace(served, without=without)

    def _opened_alone(
        self, base: BaseModel, chosen: Path | None, size: RequestSize, wishes: Wishes
    ) -> Generator[Event, None, Served]:
        """Load a base; where that fails, without the adapters of others."""
        alone = (chosen,) if chosen else ()
        try:
            return (yield from self._opened(base, chosen, size, wishes))
        except ModelUnfit:
            if self._lists.get(base.sha256) == alone:
                raise
            self._lists[base.sha256] = alone
            return (yield from self._opened(base, chosen, size, wishes))

    def _opened(
        self, base: BaseModel, chosen: Path | None, size: RequestSize, wishes: Wishes
    ) -> Generator[Event, None, Served]:
        """The same, each engine measured once where there are two."""
        engines = self._router.possible(base, size, wishes.memory_bytes, wishes.engine)
        for engine in self._router.unmeasured(base, engines):
            yield Noted(f"Measuring once how fast {engine} serves {base.name} here.")
            loaded = yield from self._load(base, engine, chosen, size, wishes)
            speed = measure(loaded.model, len(loaded.wanted.adapters), loaded.load_seconds)
            self._speeds.keep(base.sha256, engine, speed)
        engine = self._router.fastest(base, engines, size)
        loaded = yield from self._load(base, engine, chosen, size, wishes)
        scales = tuple(float(folder == chosen) for folder in loaded.wanted.adapters)
        served = Served(base, engine, loaded.model, scales, chosen, loaded.load_seconds)
        return replace(served, turn=self._turns.turn(served, wishes.project))

    def close(self) -> None:
        """End every engine."""
        self._pool.close()

    def _load(
        self,
        base: BaseModel,
        engine: Engine,
        chosen: Path | None,
        size: RequestSize,
        wishes: Wishes,
    ) -> Generator[Event, None, Loaded]:
        if engine == "llama.cpp" and not base.has_gguf:
            rebuild_base_gguf(base)
        if engine == "transformers" and not base.has_folder:
            yield Noted(f"Making the folder of {base.name} that transformers reads.")
            rebuild_training_folder(base)
        wanted = Wanted(base, engine, self._list(base, chosen), size.context)
        for event in self._pool.get(wanted, wishes.memory_bytes):
            if isinstance(event, Loaded):
                return event
            yield Noted(event)
        raise AssertionError("the pool ends with what it loaded")

    def _list(self, base: BaseModel, chosen: Path | None) -> tuple[Path, ...]:
        """The adapters to serve; a base that is loaded keeps its own while they are enough."""
        known = self._lists.get(base.sha256, ())
        if (chosen is not None and chosen not in known) or not all(map(Path.exists, known)):
            recent = self._adapters.recent(base, chosen)
            known = tuple(one for one in recent if one == chosen or not self._retries.reason(one))
            self._lists[base.sha256] = known
        return known


def _smoothed(known: float, measured: float) -> float:
    """The speed of a quiet machine: one measurement beside other work lowers it only a little."""
    return max(measured, known + (measured - known) * SLOWING)
