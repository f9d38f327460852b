"""A LoRA adapter is written as GGUF whole, or refused."""

import json
import shutil
from pathlib import Path

import numpy
import pytest
from safetensors.numpy import load_file, save_file

from gardener_core.errors import Damaged, ModelUnfit
from gardener_core.export.lora_gguf import write_lora_gguf
from gardener_core.models.model import BaseModel


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("use_dora", True),
        ("bias", "lora_only"),
        ("modules_to_save", ["lm_head"]),
        ("init_lora_weights", "pissa"),
        ("peft_type", "LOHA"),
    ],
)
def test_what_is_not_a_plain_lora_is_refused(
    trained, seedling: BaseModel, tmp_path: Path, field: str, value: object
) -> None:
    adapter = changed(trained.adapter, tmp_path, {field: value})
    with pytest.raises(ModelUnfit, match="not a plain LoRA"):
        write_lora_gguf(adapter, seedling.path, tmp_path / "out.gguf")
    assert [path.name for path in tmp_path.iterdir()] == ["adapter"]


@pytest.mark.parametrize(
    "name",
    [
        "base_model.model.model.layers.0.mlp.up_proj.lora_magnitude_vector",
        "base_model.model.model.embed_tokens.lora_A.weight",
        "base_model.model.lm_head.lora_B.weight",
        "base_model.model.model.layers.0.mlp.unheard_of.lora_A.weight",
    ],
)
def test_a_tensor_that_llama_cpp_would_lose_is_refused(
    trained, seedling: BaseModel, tmp_path: Path, name: str
) -> None:
    adapter = changed(trained.adapter, tmp_path, {})
    weights = load_file(adapter / "adapter_model.safetensors")
    save_file({**weights, name: numpy.zeros((4, 4), "f4")}, adapter / "adapter_model.safetensors")
    with pytest.raises(ModelUnfit):
        write_lora_gguf(adapter, seedling.path, tmp_path / "out.gguf")


def test_a_folder_without_an_adapter_is_refused(seedling: BaseModel, tmp_path: Path) -> None:
    with pytest.raises(ModelUnfit, match=r"adapter_config\.json"):
        write_lora_gguf(tmp_path, seedling.path, tmp_path / "out.gguf")


def test_torn_weights_are_told(trained, seedling: BaseModel, tmp_path: Path) -> None:
    adapter = changed(trained.adapter, tmp_path, {})
    (adapter / "adapter_model.safetensors").write_bytes(b"torn")
    with pytest.raises(Damaged, match="cannot be read"):
        write_lora_gguf(adapter, seedling.path, tmp_path / "out.gguf")


def changed(adapter: Path, folder: Path, fields: dict[str, object]) -> Path:
    copy = folder / "adapter"
    shutil.copytree(adapter, copy)
    config = json.loads((copy / "adapter_config.json").read_text())
    (copy / "adapter_config.json").write_text(json.dumps({**config, **fields}))
    return copy
