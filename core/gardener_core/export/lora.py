"""Read a LoRA adapter as llama.cpp applies it."""

import json
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy

from gardener_core.errors import ModelUnfit
from gardener_core.models.families import BaseConfig, read_config
from gardener_core.models.gguf.layout import Matrix, gguf_name, rope_order
from gardener_core.models.gguf.safetensors_file import read_tensors

ADAPTER_WEIGHTS = "adapter_model.safetensors"
ADAPTER_CONFIG = "adapter_config.json"
_LORA_TENSOR = re.compile(r"base_model\.model\.(.+)\.lora_(A|B)\.weight")
# Each would be lost silently: llama.cpp multiplies B @ A with one number, and nothing else.
_MUST_BE_EMPTY = (
    "use_dora", "use_qalora", "use_bdlora", "lora_bias", "modules_to_save",
    "trainable_token_indices", "target_parameters",
    "layer_replication", "alora_invocation_tokens", "arrow_config",
)  # fmt: skip
# PiSSA, OLoRA and the like change the base at initialisation, so they fit no other one.
_HARMLESS_STARTS = (True, "gaussian", "orthogonal")


@dataclass(frozen=True, slots=True)
class LoraPair:
    """The matrices of a tensor, in the order of a GGUF: what is added to it is scale * B @ A."""

    name: str
    a: Matrix
    b: Matrix
    scale: float

    def added(self, first: int, count: int) -> Matrix:
        """What is added to so many rows of the tensor."""
        rows: Matrix = (self.b[first : first + count] @ self.a) * numpy.float32(self.scale)
        return rows


@dataclass(frozen=True, slots=True)
class LoraAdapter:
    """An adapter by the names of the tensors that it changes; llama.cpp divides alpha by a rank."""

    alpha: float
    pairs: Mapping[str, LoraPair]


def read_lora(adapter: Path, base: Path) -> LoraAdapter:
    """A PEFT folder for the base in a transformers folder; what is no plain LoRA is refused."""
    lora, config = plain_lora_config(adapter), read_config(base)
    halves: dict[str, dict[str, Matrix]] = {}
    for name, matrix in read_tensors(adapter / ADAPTER_WEIGHTS):
        layer, half = _parts(name, config)
        halves.setdefault(layer, {})[half] = matrix
    pairs = {pair.name: pair for pair in _pairs(halves, lora, config)}
    return LoraAdapter(float(lora["lora_alpha"]), pairs)


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


def _pairs(
    halves: Mapping[str, Mapping[str, Matrix]], lora: Mapping[str, Any], config: BaseConfig
) -> Iterator[LoraPair]:
    alpha = float(lora["lora_alpha"])
    for layer, matrices in halves.items():
        if matrices.keys() != {"A", "B"}:
            raise ModelUnfit(
                f"The adapter has one half of {layer} alone.", hint="Take a whole adapter."
            )
        a = numpy.ascontiguousarray(matrices["A"])
        b = numpy.ascontiguousarray(rope_order(f"{layer}.weight", matrices["B"], config))
        written = alpha / len(a)  # what llama.cpp multiplies with
        factor = _scale(layer, lora) / written
        if not math.isclose(factor, 1.0, rel_tol=1e-9):
            b = b * numpy.float32(factor)
        yield LoraPair(gguf_name(f"{layer}.weight", config), a, b, written)


def _scale(layer: str, lora: Mapping[str, Any]) -> float:
    """What PEFT multiplies with: a layer may have a rank and an alpha of its own."""
    rank = _of_layer(layer, lora.get("rank_pattern") or {}, lora["r"])
    alpha = _of_layer(layer, lora.get("alpha_pattern") or {}, lora["lora_alpha"])
    return alpha / (math.sqrt(rank) if lora.get("use_rslora") else rank)


def _of_layer(layer: str, patterns: Mapping[str, Any], otherwise: Any) -> float:
    for pattern, value in patterns.items():
        if re.match(rf"(.*\.)?({pattern})$", layer):
            return float(value)
    return float(otherwise)


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
