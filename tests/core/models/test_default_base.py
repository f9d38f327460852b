"""A project without a base gets the largest that this machine trains in minutes."""

from dataclasses import replace
from pathlib import Path

import pytest

from gardener_core.errors import ModelMissing
from gardener_core.models import default_base as choosing
from gardener_core.models.default_base import default_base
from gardener_core.models.model import BaseModel
from gardener_core.settings.schema import TrainingSettings

TRAINING = TrainingSettings()


@pytest.fixture
def bases(monkeypatch: pytest.MonkeyPatch, seedling: BaseModel) -> dict[str, BaseModel]:
    """Bases of which each is as large as its name says, in millions of parameters."""
    names = ("135", "500", "7000")
    bases = {name: replace(seedling, name=name, folder=Path(name)) for name in names}
    shapes = {name: replace(choosing.shape_of(seedling), parameters=int(name) * 10**6)
              for name in names}  # fmt: skip
    monkeypatch.setattr(choosing, "shape_of", lambda model: shapes[model.name])
    return bases


def test_the_largest_that_trains_in_minutes_is_taken(bases: dict[str, BaseModel]) -> None:
    assert default_base(list(bases.values()), TRAINING).name == "500"
    untrained = [bases["135"], replace(bases["500"], trainable=False), bases["7000"]]
    assert default_base(untrained, TRAINING).name == "135"


def test_without_memory_or_a_small_one_it_is_the_smallest(
    bases: dict[str, BaseModel], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert default_base([bases["7000"]], TRAINING).name == "7000"
    monkeypatch.setattr(choosing, "available_bytes", lambda: 1_200_000_000)
    assert default_base(list(bases.values()), TRAINING).name == "135"


def test_a_seedling_is_taken_only_where_there_is_nothing_else(
    bases: dict[str, BaseModel], seedling: BaseModel
) -> None:
    assert default_base([seedling, bases["135"]], TRAINING).name == "135"
    assert default_base([seedling], TRAINING).name == "seedling"
    with pytest.raises(ModelMissing) as missing:
        default_base([], TRAINING)
    assert missing.value.remedy and missing.value.remedy.act == "pull"
