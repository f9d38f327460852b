"""Write a LoRA adapter as GGUF."""

import json
import re
from pathlib import Path
from typing import Any

import gguf
import numpy

from gardener_core.errors import ModelUnfit
from gardener_core.models.families import BaseConfig, read_config
from gardener_core.models.gguf.layout import gguf_name, rope_order
from gardener_core.models.gguf.write import finish, read_tensors
from gardener_core.system.files.atomic import writing_aside

ADAPTER_WEIGHTS = "adapter_model.safetensors"
ADAPTER_CONFIG = "adapter_config.json"
_LORA_TENSOR = re.compile(r"base_model\.model\.(.+)\.lora_(A|B)\.weight")
# Each would be lost silently: llama.cpp has one rank a tensor, one alpha, and B @ A.
_MUST_BE_EMPTY = (
    "use_dora", "use_rslora", "use_qalora", "use_bdlora", "lora_bias", "modules_to_save",
    "rank_pattern", "alpha_pattern", "trainable_token_indices", "target_parameters",
    "layer_replication", "alora_invocation_tokens", "arrow_config",
)  # fmt: skip
# PiSSA, OLoRA and the like change the base at initialisation, so they fit no other one.
_HARMLESS_STARTS = (True, "gaussian", "orthogonal")


def write_lora_gguf(adapter: Path, base: Path, path: Path) -> Path:
    """Write a plain PEFT LoRA folder as one GGUF file, atomically."""
    with writing_aside(path) as new:
        _write(adapter, base, new)
    return path


def plain_lora_config(adapter: Path) -> dict[str, Any]:
    """The configuration of a plain LoRA; any other adapter is refused."""
    try:
        config: dict[str, Any] = json.loads((adapter / ADAPTER_CONFIG).read_bytes())
    except (OSError, ValueError):
        raise ModelUnfit(
            f"{adapter} holds no readable {ADAPTER_CONFIG}.", hint="Give a PEFT folder."
        ) from None
    problems = [f"{name} is set" for name in _MUST_BE_EMPTY if config.get(name)]
    if config.get("peft_type") != "LORA":
        problems.append(f"its type is {config.get('peft_type')!r}")
    if config.get("bias", "none") != "none":
        problems.append("it has biases")
    if config.get("init_lora_weights", True) not in _HARMLESS_STARTS:
        problems.append(f"it began as {config['init_lora_weights']!r}, which changes the base")
    if problems:
        raise ModelUnfit(
            f"This adapter is not a plain LoRA: {', '.join(problems)}.",
            hint="Train it as plain LoRA, or merge it into its base first.",
        )
    return config


def _write(adapter: Path, base: Path, path: Path) -> None:
    lora = plain_lora_config(adapter)
    config = read_config(base)
    writer = gguf.GGUFWriter(path, config.family.architecture)
    writer.add_type(gguf.GGUFType.ADAPTER)
    writer.add_string(gguf.Keys.Adapter.TYPE, "lora")
    writer.add_float32(gguf.Keys.Adapter.LORA_ALPHA, float(lora["lora_alpha"]))
    for name, matrix in read_tensors(adapter / ADAPTER_WEIGHTS):
        layer, half = _parts(name, config)
        if half == "B":
            matrix = rope_order(f"{layer}.weight", matrix, config)
        written = f"{gguf_name(f'{layer}.weight', config)}.lora_{half.lower()}"
        writer.add_tensor(written, numpy.ascontiguousarray(matrix))
    finish(writer)


def _parts(name: str, config: BaseConfig) -> tuple[str, str]:
    match = _LORA_TENSOR.fullmatch(name)
    if match is None:
        raise ModelUnfit(
            f"The adapter holds {name}, which is no LoRA matrix.", hint="Train it as plain LoRA."
        )
    layer, half = match[1], match[2]
    if config.is_tied and layer.endswith(("embed_tokens", "lm_head")):
        # llama.cpp aborts on the one and ignores the other.
        raise ModelUnfit(
            f"The adapter changes {layer}, which this base shares with its other end.",
            hint="Train it on the linear layers alone.",
        )
    return layer, half
