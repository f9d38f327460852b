"""Choose the base of a project that has none."""

from collections.abc import Sequence

from gardener_core.errors import GardenError, ModelMissing, Remedy
from gardener_core.models.catalogue.entry import STARTER
from gardener_core.models.model import BaseModel
from gardener_core.models.needs import training_bytes
from gardener_core.models.shape import shape_of
from gardener_core.models.store import SEEDLING
from gardener_core.settings.schema import TrainingSettings
from gardener_core.system.hardware import available_bytes

# A larger one learns nothing in the minutes that people wait on a processor without a GPU.
MOST_PARAMETERS = 1_000_000_000


def default_base(
    models: Sequence[BaseModel], training: TrainingSettings, memory: int | None = None
) -> BaseModel:
    """The largest base that this machine can train in minutes, else the smallest that is here.

    `memory` is what is available, in bytes; None asks the machine.
    """
    available = available_bytes() if memory is None else memory
    sizes = {model.name: _parameters(model) for model in models if model.name != SEEDLING}
    by_size = sorted((size, name) for name, size in sizes.items())
    named = {model.name: model for model in models}
    for size, name in reversed(by_size):
        if size <= MOST_PARAMETERS and _can_train(named[name], training, available):
            return named[name]
    if by_size:
        return named[by_size[0][1]]
    if SEEDLING in named:
        return named[SEEDLING]
    raise ModelMissing(
        "No base model is on this machine.",
        hint="The starter is 98 MB, and trains and completes.",
        remedy=Remedy("pull", STARTER),
    )


def _parameters(model: BaseModel) -> int:
    try:
        return shape_of(model).parameters
    except GardenError:
        return MOST_PARAMETERS * 1000


def _can_train(model: BaseModel, training: TrainingSettings, available: int) -> bool:
    if not model.trainable:
        return False
    rank, tokens = training.rank, training.sequence_tokens
    needed = training_bytes(shape_of(model), rank, tokens, recomputes=True)
    return available == 0 or needed <= available
