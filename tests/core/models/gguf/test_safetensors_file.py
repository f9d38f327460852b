"""Safetensors files are read tensor by tensor, whole or not at all."""

from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from gardener_core.errors import Damaged, ModelUnfit
from gardener_core.models.gguf.safetensors_file import read_tensors, tensor_shapes


def test_every_kind_of_number_is_read_as_f32_in_the_order_of_names(tmp_path: Path) -> None:
    draw = torch.randn(3, 5, dtype=torch.float64)
    kinds = {"d": torch.bfloat16, "b": torch.float16, "a": torch.float64, "c": torch.float32}
    save_file({name: draw.to(kind) for name, kind in kinds.items()}, tmp_path / "file")
    read = dict(read_tensors(tmp_path / "file"))
    assert list(read) == list(tensor_shapes(tmp_path / "file")) == ["a", "b", "c", "d"]
    for name, kind in kinds.items():
        assert torch.equal(torch.from_numpy(read[name].copy()), draw.to(kind).float())


def test_a_cut_file_and_whole_numbers_are_told(tmp_path: Path) -> None:
    path = tmp_path / "file"
    save_file({"a": torch.ones(100)}, path)
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(Damaged, match="bytes"):
        dict(read_tensors(path))
    for torn in (b"", b"torn", (2).to_bytes(8, "little") + b"[]"):
        path.write_bytes(torn)
        with pytest.raises(Damaged, match="cannot be read"):
            tensor_shapes(path)
    save_file({"a": torch.ones(100, dtype=torch.int64)}, path)
    with pytest.raises(ModelUnfit, match="I64"):
        dict(read_tensors(path))
