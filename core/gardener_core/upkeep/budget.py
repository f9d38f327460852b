"""Say what answering takes of the memory that it may take."""

from collections.abc import Sequence
from dataclasses import dataclass

from gardener_core.errors import GardenError
from gardener_core.events.switch import MemoryUse
from gardener_core.models.model import BaseModel
from gardener_core.models.needs import FREE_SHARE, serving_need
from gardener_core.models.store import ModelStore
from gardener_core.settings.schema import Settings
from gardener_core.store.garden.adapter_files import GGUF
from gardener_core.store.garden.adapters import AdapterTable
from gardener_core.store.garden.projects import Project
from gardener_core.system.hardware import available_bytes
from gardener_core.system.numbers import size
from gardener_core.system.places import Places


@dataclass(frozen=True, slots=True)
class BaseBudget:
    """What a base takes when it answers: its file and engine, its adapters, its conversation.

    `conversation` is what is reserved for the tokens of its context.
    """

    base: str
    file: int
    adapters: int
    conversation: int
    context: int

    @property
    def bytes(self) -> int:
        """All of it."""
        return self.file + self.adapters + self.conversation

    @property
    def sentence(self) -> str:
        """Each part and the whole."""
        adapters = f" + adapters {size(self.adapters)}" if self.adapters else ""
        parts = f"{size(self.file)}{adapters} + conversation {size(self.conversation)}"
        return f"{self.base} takes {size(self.bytes)} ({parts})"


@dataclass(frozen=True, slots=True)
class MemoryBudget:
    """How much all bases may take, and what those take that projects answer with."""

    limit: int
    bases: tuple[BaseBudget, ...]

    @property
    def too_large(self) -> tuple[BaseBudget, ...]:
        """The bases that do not fit, even alone."""
        return tuple(one for one in self.bases if 0 < self.limit < one.bytes)

    @property
    def hint(self) -> str:
        """What to let go, where a base does not fit."""
        if not self.too_large:
            return ""
        one = max(self.too_large, key=lambda base: base.bytes)
        fits = max((each for each in self.bases if each not in self.too_large), default=None,
                   key=lambda each: each.bytes)  # fmt: skip
        over = size(one.bytes - self.limit)
        smaller = f", let projects answer with {fits.base}" if fits else ""
        return (
            f"{one.base} is {over} over it. Lower models.context (it reserves "
            f"{size(one.conversation)}){smaller}, or close other programs."
        )


def budget_of(
    places: Places, projects: Sequence[Project], settings: Settings, adapters: AdapterTable
) -> MemoryBudget:
    """The budget of this machine now, and the bases of these projects in it."""
    store = ModelStore(places)
    limit = settings.models.memory_mb * 1_000_000 or int(FREE_SHARE * available_bytes())
    names = dict.fromkeys(project.base for project in projects if project.base)
    bases = []
    for name in names:
        try:
            base = store.get(name)
            context = min(base.context, settings.models.context)
            bases.append(_base_budget(places, base, context, adapters))
        except (GardenError, OSError):
            continue  # it is gone, or on a server; the doctor has a line for that
    return MemoryBudget(limit, tuple(bases))


def measured(memory: MemoryUse) -> str:
    """What the processes took when they were measured last; empty where they were not."""
    if not memory.served:
        return ""
    index = f" (indexes {size(memory.index)} of it)" if memory.index else ""
    engine, bases = size(memory.engine), size(memory.served)
    return f"Measured at the last switch: engine {engine}{index}, bases {bases}."


def _base_budget(
    places: Places, base: BaseModel, context: int, adapters: AdapterTable
) -> BaseBudget:
    need = serving_need(base)
    files = [
        places.adapters(one.project) / one.version / GGUF for one in adapters.of_base(base.name)
    ]
    taken = sum(file.stat().st_size for file in files if file.is_file())
    return BaseBudget(base.name, need.fixed_bytes, taken, context * need.bytes_a_token, context)
