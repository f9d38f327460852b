"""Keep loaded bases within a memory budget."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from gardener_core.models.llama.client import Llama
from gardener_core.models.model import BaseModel
from gardener_core.models.needs import require_serving_memory
from gardener_core.system.hardware import available_bytes, usable_cores
from gardener_core.system.locks import is_locked

# The share of what is free, and of what this program holds already, that models may use.
FREE_SHARE = 0.6


@dataclass(frozen=True, slots=True)
class Wanted:
    """A base to serve, with the adapters that requests may turn on."""

    base: BaseModel
    adapters: tuple[Path, ...]
    context: int


@dataclass(frozen=True, slots=True)
class Loaded:
    """A running llama.cpp, what it was started with, and the memory counted for it."""

    wanted: Wanted
    threads: int
    bytes: int
    llama: Llama


class LlamaPool:
    """One process for each loaded base; the one that was not used for longest ends first.

    `budget_bytes` is what all of them may take; 0 takes a share of the free memory. A process that
    spins on every core crawls beside a run, so there is one thread less while `slots` has a run.
    """

    def __init__(self, logs: Path, slots: Path, free: Callable[[], int] = available_bytes) -> None:
        self._logs = logs
        self._slots = slots
        self._free = free
        self._loaded: dict[str, Loaded] = {}  # by sha256; the one used last is last

    def get(self, wanted: Wanted, budget_bytes: int) -> Iterator[str | Loaded]:
        """The base, loaded if it is not; before that a sentence for each base that is ended."""
        key, threads = wanted.base.sha256, self.threads()
        held = self._loaded.pop(key, None)
        if held and held.llama.alive() and held.wanted == wanted and held.threads == threads:
            self._loaded[key] = held
            yield held
            return
        if held:
            held.llama.close()
        budget = budget_bytes or self._share()
        size = require_serving_memory(wanted.base, wanted.context, budget)
        size += sum(path.stat().st_size for path in wanted.adapters)
        yield from self._make_room(size, budget)
        llama = Llama(
            wanted.base.gguf,
            wanted.adapters,
            self._logs.with_name(f"{self._logs.stem}.{key[:12]}{self._logs.suffix}"),
            threads=threads,
            context=wanted.context,
        )
        self._loaded[key] = Loaded(wanted, threads, size, llama)
        yield self._loaded[key]

    def threads(self) -> int:
        """How many threads answer now."""
        cores = usable_cores()
        busy = self._slots.is_dir() and any(map(is_locked, self._slots.glob("[0-9]*")))
        return max(1, cores - 1) if busy else cores

    def held_bytes(self) -> int:
        """The memory counted for all loaded bases."""
        return sum(loaded.bytes for loaded in self._loaded.values())

    def names(self) -> Sequence[str]:
        """The loaded bases, the one used last at the end."""
        return [loaded.wanted.base.name for loaded in self._loaded.values()]

    def close(self) -> None:
        """End all of them."""
        while self._loaded:
            self._loaded.pop(next(iter(self._loaded))).llama.close()

    def _share(self) -> int:
        free = self._free()
        return int(FREE_SHARE * (free + self.held_bytes())) if free else 0

    def _make_room(self, size: int, budget: int) -> Iterator[str]:
        while budget and self._loaded and self.held_bytes() + size > budget:
            oldest = self._loaded.pop(next(iter(self._loaded)))
            oldest.llama.close()
            yield f"{oldest.wanted.base.name} was unloaded to make room."
