"""What a base needs is known before it is loaded."""

from dataclasses import replace
from pathlib import Path

import pytest

from gardener_core.errors import DiskFull, MemoryShort, ModelUnfit
from gardener_core.models import needs
from gardener_core.models.model import BaseModel
from gardener_core.models.needs import (
    must_recompute,
    require_trainable,
    require_training_room,
    training_bytes,
)
from gardener_core.models.shape import BaseShape
from gardener_core.models.store import ModelStore
from gardener_core.system.places import Places

SMOLLM2 = BaseShape("llama", 134_515_008, 30, 576, 1536, 9, 3, 64, 64, 49_152, True)
CODER = BaseShape("qwen2", 630_167_424, 24, 896, 4864, 14, 2, 64, 64, 151_936, False)


@pytest.mark.parametrize(("shape", "measured"), [(SMOLLM2, 1.69e9), (CODER, 3.48e9)])
def test_the_memory_of_training_is_near_to_what_was_measured(
    shape: BaseShape, measured: float
) -> None:
    """Rank 16, rows of 512 tokens, on two cores with AVX512-BF16."""
    expected = training_bytes(shape, 16, 512, recomputes=False)
    assert expected == pytest.approx(measured, rel=0.12)
    assert training_bytes(shape, 16, 512, recomputes=True) < 0.75 * expected


def test_training_without_room_is_refused_before_it(
    base_gguf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    places = Places(config=tmp_path / "config", data=tmp_path / "data")
    base = ModelStore(places).register(base_gguf, "tiny")
    cache = places.derived_base(base.sha256)
    require_training_room(base, 16, 512, cache)
    assert not must_recompute(base, 16, 512)
    monkeypatch.setattr(needs, "available_bytes", lambda: 100_000_000)
    assert must_recompute(base, 16, 512)
    with pytest.raises(MemoryShort, match=r"Training on tiny takes about .* of memory; 100 MB"):
        require_training_room(base, 16, 512, cache)
    monkeypatch.setattr(needs, "available_bytes", lambda: 0)  # not known
    require_training_room(base, 16, 512, cache)
    usage = needs.shutil.disk_usage(tmp_path)
    monkeypatch.setattr(needs.shutil, "disk_usage", lambda path: usage._replace(free=1000))
    with pytest.raises(DiskFull, match="The weights of tiny take"):
        require_training_room(base, 16, 512, cache)


def test_another_family_is_refused_with_those_that_are_trained(seedling: BaseModel) -> None:
    require_trainable(seedling)
    with pytest.raises(ModelUnfit, match="'mamba', which is not trained here") as refused:
        require_trainable(replace(seedling, trainable=False, architecture="mamba"))
    assert "qwen2" in refused.value.hint
