"""A project without a base gets the largest that this machine trains in minutes."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from gardener_core.errors import ModelMissing
from gardener_core.models.default_base import default_base
from gardener_core.models.model import WEIGHTS, BaseModel
from gardener_core.settings.schema import TrainingSettings

TRAINING = TrainingSettings()


@pytest.fixture
def bases(tmp_path: Path, seedling: BaseModel) -> dict[str, BaseModel]:
    """Bases of which each is as large as its name says, in millions of parameters."""
    return {name: base_of(tmp_path / name, int(name), seedling) for name in ("135", "500", "7000")}


def base_of(folder: Path, millions: int, seedling: BaseModel) -> BaseModel:
    """The configuration of the seedling, and the header of a weights file of any size."""
    folder.mkdir()
    shutil.copy(seedling.folder / "config.json", folder)
    weights = {"weight": {"dtype": "F32", "shape": [millions, 10**6], "data_offsets": [0, 0]}}
    header = json.dumps(weights).encode()
    (folder / WEIGHTS).write_bytes(len(header).to_bytes(8, "little") + header)
    return replace(seedling, name=folder.name, folder=folder)


def test_the_largest_that_trains_in_minutes_is_taken(bases: dict[str, BaseModel]) -> None:
    assert default_base(list(bases.values()), TRAINING).name == "500"
    untrained = [bases["135"], replace(bases["500"], trainable=False), bases["7000"]]
    assert default_base(untrained, TRAINING).name == "135"


def test_without_memory_or_a_small_one_it_is_the_smallest(
    bases: dict[str, BaseModel],
) -> None:
    assert default_base([bases["7000"]], TRAINING).name == "7000"
    assert default_base(list(bases.values()), TRAINING, 1_200_000_000).name == "135"


def test_a_seedling_is_taken_only_where_there_is_nothing_else(
    bases: dict[str, BaseModel], seedling: BaseModel
) -> None:
    assert default_base([seedling, bases["135"]], TRAINING).name == "135"
    assert default_base([seedling], TRAINING).name == "seedling"
    with pytest.raises(ModelMissing) as missing:
        default_base([], TRAINING)
    assert missing.value.remedy and missing.value.remedy.act == "pull"
