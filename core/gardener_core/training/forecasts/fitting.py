"""Fit a training run into the memory of this machine."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from gardener_core.errors import GardenError, MemoryShort
from gardener_core.models.model import BaseModel
from gardener_core.models.needs import adapter_parameters, training_bytes
from gardener_core.models.shape import BaseShape, shape_of
from gardener_core.models.store import SEEDLING
from gardener_core.settings.schema import TrainingSettings

# From the cheapest: computing each layer twice costs a quarter of the speed and changes no number,
# shorter rows see less of a file at once, a smaller base knows less.
FitChange = Literal["recompute", "shorter rows", "smaller base"]
ROW_LENGTHS = (512, 256)


@dataclass(frozen=True, slots=True)
class TrainingFit:
    """How a run fits into memory, and what had to change for it.

    Rows are always learned one at a time, so there is no smaller batch to fall back to. `available`
    is 0 where the machine does not tell.
    """

    base: str
    sequence_tokens: int
    bytes: int
    available: int
    changes: tuple[FitChange, ...] = ()
    adapter_bytes: int = 0

    @property
    def changes_what_is_learned(self) -> bool:
        """Whether a person should agree first."""
        return any(change != "recompute" for change in self.changes)

    @property
    def proposal(self) -> str:
        """What the run takes, in words."""
        rows = f"rows of {self.sequence_tokens} tokens: {self.bytes / 1e9:.1f} GB"
        return f"the smaller base {self.base}, {rows}" if "smaller base" in self.changes else rows


@dataclass(frozen=True, slots=True)
class _Way:
    base: str
    shape: BaseShape
    sequence_tokens: int
    changes: tuple[FitChange, ...]


def fit_training(
    base: BaseModel, settings: TrainingSettings, others: Sequence[BaseModel], available: int
) -> TrainingFit:
    """The first option that fits, the cheapest one first; refused with numbers where none does."""
    smallest = 0
    for option in _options(base, settings, others):
        needed = training_bytes(
            option.shape,
            settings.rank,
            option.sequence_tokens,
            recomputes="recompute" in option.changes,
        )
        if available <= 0 or needed <= available:
            return TrainingFit(
                option.base,
                option.sequence_tokens,
                needed,
                available,
                option.changes,
                adapter_bytes=4 * adapter_parameters(option.shape, settings.rank),
            )
        smallest = min(smallest or needed, needed)
    raise MemoryShort(
        f"Training on {base.name} does not fit: the least that any way takes is "
        f"{smallest / 1e9:.1f} GB of memory, and {available / 1e9:.1f} GB are available.",
        hint="Close other programs, or get a smaller base.",
    )


def _options(
    base: BaseModel, settings: TrainingSettings, others: Sequence[BaseModel]
) -> Iterator[_Way]:
    shape = shape_of(base)
    yield _Way(base.name, shape, settings.sequence_tokens, ())
    yield from _leaner(base.name, shape, settings.sequence_tokens, ())
    for other, its_shape in _smaller(shape, others):
        yield from _leaner(other.name, its_shape, settings.sequence_tokens, ("smaller base",))


def _leaner(
    name: str, shape: BaseShape, sequence_tokens: int, changes: tuple[FitChange, ...]
) -> Iterator[_Way]:
    yield _Way(name, shape, sequence_tokens, (*changes, "recompute"))
    for length in ROW_LENGTHS:
        if length < sequence_tokens:
            yield _Way(name, shape, length, (*changes, "recompute", "shorter rows"))


def _smaller(shape: BaseShape, others: Sequence[BaseModel]) -> list[tuple[BaseModel, BaseShape]]:
    """The bases that are trained here and smaller than this one, the largest first."""
    smaller = []
    for other in others:
        if not other.trainable or other.name == SEEDLING:
            continue
        try:
            its_shape = shape_of(other)
        except GardenError:
            continue  # its file cannot be read; it is no way out
        if its_shape.parameters < shape.parameters:
            smaller.append((other, its_shape))
    return sorted(smaller, key=lambda pair: -pair[1].parameters)
