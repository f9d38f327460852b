"""A run that does not fit into memory is changed as little as it has to be."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from gardener_core.errors import MemoryShort
from gardener_core.models.model import WEIGHTS, BaseModel
from gardener_core.models.needs import training_bytes
from gardener_core.models.shape import BaseShape, shape_of
from gardener_core.settings.schema import TrainingSettings
from gardener_core.training.forecasts.fitting import fit_training

LONG = TrainingSettings(sequence_tokens=1024)


@pytest.fixture
def bases(tmp_path: Path, seedling: BaseModel) -> tuple[BaseModel, BaseModel]:
    """A large base and a small one: their configurations, and headers of weights."""
    return sized(tmp_path / "large", 4000, seedling), sized(tmp_path / "small", 100, seedling)


def sized(folder: Path, millions: int, seedling: BaseModel) -> BaseModel:
    folder.mkdir()
    shutil.copy(seedling.folder / "config.json", folder)
    weights = {"weight": {"dtype": "F32", "shape": [millions, 10**6], "data_offsets": [0, 0]}}
    header = json.dumps(weights).encode()
    (folder / WEIGHTS).write_bytes(len(header).to_bytes(8, "little") + header)
    return replace(seedling, name=folder.name, folder=folder)


def need(shape: BaseShape, tokens: int, *, recomputes: bool) -> int:
    return training_bytes(shape, LONG.rank, tokens, recomputes=recomputes)


def test_the_cheapest_change_that_fits_is_proposed(bases: tuple[BaseModel, BaseModel]) -> None:
    large, small = bases
    shape, smaller = shape_of(large), shape_of(small)
    ways = [
        (need(shape, 1024, recomputes=False), "large", 1024, ()),
        (need(shape, 1024, recomputes=True), "large", 1024, ("recompute",)),
        (need(shape, 512, recomputes=True), "large", 512, ("recompute", "shorter rows")),
        (need(shape, 256, recomputes=True), "large", 256, ("recompute", "shorter rows")),
        (need(smaller, 1024, recomputes=True), "small", 1024, ("smaller base", "recompute")),
        (need(smaller, 256, recomputes=True), "small", 256,
         ("smaller base", "recompute", "shorter rows")),
    ]  # fmt: skip
    assert [bytes for bytes, *_ in ways] == sorted((b for b, *_ in ways), reverse=True)
    for available, base, tokens, changes in ways:
        fit = fit_training(large, LONG, [large, small], available)
        assert (fit.base, fit.sequence_tokens, fit.changes) == (base, tokens, changes)
        assert fit.bytes <= available
        assert fit.changes_what_is_learned == (len(changes) > 1)
    assert "the smaller base small, rows of 256 tokens" in fit.proposal


def test_what_fits_in_no_way_is_refused_with_numbers(bases: tuple[BaseModel, BaseModel]) -> None:
    large, small = bases
    with pytest.raises(MemoryShort, match=r"the least .* takes is 0\.6 GB .* 0\.1 GB are"):
        fit_training(large, LONG, [large, small], 100_000_000)
    with pytest.raises(MemoryShort, match=r"the least .* takes is \d+\.\d GB"):
        fit_training(large, LONG, [replace(small, trainable=False)], 1_000_000_000)


def test_a_machine_that_does_not_tell_its_memory_is_not_refused(
    bases: tuple[BaseModel, BaseModel],
) -> None:
    assert fit_training(bases[0], LONG, [], 0).changes == ()
