"""Keep loaded bases within a memory budget."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import assert_never

from gardener_core.errors import MemoryShort
from gardener_core.events.switch import MemoryUse
from gardener_core.models.llama.client import Llama
from gardener_core.models.model import BaseModel
from gardener_core.models.needs import FREE_SHARE, require_serving_memory, serving_need
from gardener_core.models.serving.served import Engine, ServedModel
from gardener_core.models.torch.client import TorchModel
from gardener_core.store.garden.adapter_files import GGUF
from gardener_core.system.files.atomic import make_folder
from gardener_core.system.hardware import available_bytes, resident_bytes, usable_cores
from gardener_core.system.locks import is_locked

LET_GO = "A run takes memory as well: pause or stop it, or wait for its end."


@dataclass(frozen=True, slots=True)
class Wanted:
    """A base to serve, with the folders of the adapters that requests may turn on."""

    base: BaseModel
    engine: Engine
    adapters: tuple[Path, ...]
    context: int


@dataclass(frozen=True, slots=True)
class Loaded:
    """A running engine, what it was started with, and the memory counted for it."""

    wanted: Wanted
    threads: int
    bytes: int
    load_seconds: float
    model: ServedModel


class ModelPool:
    """One process for each loaded base and engine; the one not used for longest ends first.

    `budget_bytes` is what all of them may take; 0 takes a share of the free memory. A process that
    spins on every core crawls beside a run, so there is one thread less while `slots` has a run.
    """

    def __init__(
        self,
        logs: Path,
        slots: Path,
        free: Callable[[], int] = available_bytes,
        states: Path | None = None,
    ) -> None:
        """`states` is the folder that engines save to what they have read."""
        self._logs = logs
        self._states = states
        self._slots = slots
        self._free = free
        self._loaded: dict[tuple[str, Engine], Loaded] = {}  # the one used last is last

    def get(self, wanted: Wanted, budget_bytes: int) -> Iterator[str | Loaded]:
        """The base, loaded if it is not; before that a sentence for each base that is ended."""
        key, threads = (wanted.base.sha256, wanted.engine), self.threads()
        held = self._loaded.pop(key, None)
        if held and held.model.alive() and held.wanted == wanted and held.threads == threads:
            self._loaded[key] = held
            yield held
            return
        anew = held is not None and held.model.alive() and held.wanted.adapters != wanted.adapters
        if held:
            held.model.close()
        budget = self.limit(budget_bytes)
        try:
            size = require_serving_memory(wanted.base, wanted.context, budget, wanted.engine)
        except MemoryShort as short:
            if self.is_beside_a_run():
                raise MemoryShort(short.what, hint=f"{short.hint} {LET_GO}") from None
            raise
        size += sum((folder / GGUF).stat().st_size for folder in wanted.adapters)
        yield from self._make_room(size, budget)
        began = time.monotonic()
        model = self._open(wanted, threads)
        self._loaded[key] = Loaded(wanted, threads, size, time.monotonic() - began, model)
        if anew:  # an engine takes its adapters at the start
            seconds = self._loaded[key].load_seconds
            yield f"{wanted.base.name} was loaded anew for another adapter, in {seconds:.1f} s."
        yield self._loaded[key]

    def is_loaded(self, base: BaseModel, engine: Engine) -> bool:
        """Whether a base runs on an engine now."""
        held = self._loaded.get((base.sha256, engine))
        return held is not None and held.model.alive()

    def limit(self, budget_bytes: int) -> int:
        """How much memory all of them may take; 0 if nobody knows."""
        return budget_bytes or self._share()

    def has_room(self, base: BaseModel, context: int, budget_bytes: int) -> bool:
        """Whether a base may be loaded by llama.cpp beside those that are."""
        limit = self.limit(budget_bytes)
        need = serving_need(base, "llama.cpp").of(context)
        return limit <= 0 or self.held_bytes() + need <= limit

    def fits(self, base: BaseModel, engine: Engine, context: int, budget_bytes: int) -> bool:
        """Whether a base may be loaded on an engine."""
        budget = self.limit(budget_bytes)
        return budget <= 0 or serving_need(base, engine).of(context) <= budget

    def threads(self) -> int:
        """How many threads answer now."""
        cores = usable_cores()
        return max(1, cores - 1) if self.is_beside_a_run() else cores

    def is_beside_a_run(self) -> bool:
        """Whether a heavy run works on this machine now."""
        return self._slots.is_dir() and any(map(is_locked, self._slots.glob("[0-9]*")))

    def held_bytes(self) -> int:
        """The memory counted for all loaded bases."""
        return sum(loaded.bytes for loaded in self._loaded.values())

    def memory(self, base: BaseModel, engine: Engine, budget_bytes: int) -> MemoryUse:
        """What a loaded base takes, and all of them together, as measured."""
        held = self._loaded[base.sha256, engine]
        need = serving_need(base, engine)
        processes = [one.model.process_id for one in self._loaded.values()]
        return MemoryUse(
            base=base.gguf.stat().st_size if engine == "llama.cpp" else need.fixed_bytes,
            adapters=sum((one / GGUF).stat().st_size for one in held.wanted.adapters),
            conversation=held.wanted.context * need.bytes_a_token,
            engine=resident_bytes(),
            served=sum(resident_bytes(process=one) for one in processes),
            limit=self.limit(budget_bytes),
        )

    def names(self) -> Sequence[str]:
        """The loaded bases, the one used last at the end."""
        return [loaded.wanted.base.name for loaded in self._loaded.values()]

    def close(self) -> None:
        """End all of them."""
        while self._loaded:
            self._loaded.pop(next(iter(self._loaded))).model.close()

    def _open(self, wanted: Wanted, threads: int) -> ServedModel:
        base, context = wanted.base, wanted.context
        log = self._logs.with_name(
            f"{self._logs.stem}.{base.sha256[:12]}.{wanted.engine}{self._logs.suffix}"
        )
        match wanted.engine:
            case "llama.cpp":
                files = [folder / GGUF for folder in wanted.adapters]
                kept = make_folder(self._states) if self._states else None
                return Llama(base.gguf, files, log, threads=threads, context=context, states=kept)
            case "transformers":
                folders = wanted.adapters
                return TorchModel(base.folder, folders, log, threads=threads, context=context)
            case _:
                assert_never(wanted.engine)

    def _share(self) -> int:
        free = self._free()
        return int(FREE_SHARE * (free + self.held_bytes())) if free else 0

    def _make_room(self, size: int, budget: int) -> Iterator[str]:
        while budget and self._loaded and self.held_bytes() + size > budget:
            oldest = self._loaded.pop(next(iter(self._loaded)))
            oldest.model.close()
            yield f"{oldest.wanted.base.name} was unloaded to make room."
