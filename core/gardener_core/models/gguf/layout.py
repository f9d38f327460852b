"""Where a GGUF keeps the tensors of a family."""

from functools import cache
from typing import Any, TypeVar

import gguf
import numpy
from numpy.typing import NDArray

from gardener_core.errors import ModelUnfit
from gardener_core.models.families import BaseConfig

Matrix = NDArray[numpy.float32]
AnyMatrix = TypeVar("AnyMatrix", bound=NDArray[Any])
# GPT-2 keeps these matrices with the columns first.
_COLUMNS_FIRST = ("c_attn.weight", "c_proj.weight", "c_fc.weight")


def gguf_name(name: str, config: BaseConfig) -> str:
    """The GGUF name of a transformers tensor."""
    architecture = config.family.architecture
    names = _name_map(architecture, config.number("num_hidden_layers"))
    written = names.get_name(name, try_suffixes=(".weight", ".bias"))
    if written is None:
        raise ModelUnfit(
            f"{name} has no place in a GGUF of the architecture {architecture}.",
            hint="Use a base whose layers are the usual ones.",
        )
    return str(written)


@cache
def _name_map(architecture: str, layers: int) -> gguf.TensorNameMap:
    numbers = {text: number for number, text in gguf.MODEL_ARCH_NAMES.items()}
    return gguf.get_tensor_name_map(numbers[architecture], layers)


def norm_offset(name: str, config: BaseConfig) -> float:
    """What a GGUF has added to the numbers of a tensor."""
    return config.family.norm_offset if name.endswith("norm.weight") else 0.0


def is_transposed(name: str, config: BaseConfig) -> bool:
    """Whether a GGUF has the rows of a matrix where transformers has its columns."""
    return config.family.architecture == "gpt2" and name.endswith(_COLUMNS_FIRST)


def gguf_order(name: str, matrix: AnyMatrix, config: BaseConfig) -> AnyMatrix:
    """A tensor of transformers in the order of a GGUF."""
    if is_transposed(name, config):
        return matrix.T
    return rope_order(name, matrix, config)


def transformers_order(name: str, matrix: AnyMatrix, config: BaseConfig) -> AnyMatrix:
    """A tensor of a GGUF in the order of transformers."""
    if is_transposed(name, config):
        return matrix.T
    heads = _rope_heads(name, config)
    if heads is None:
        return matrix
    pairs = matrix.reshape(heads, matrix.shape[0] // heads // 2, 2, *matrix.shape[1:])
    return pairs.swapaxes(1, 2).reshape(matrix.shape)  # type: ignore[return-value]


def rope_order(name: str, matrix: AnyMatrix, config: BaseConfig) -> AnyMatrix:
    """Reorder the rows of queries and keys for llama.cpp's rotary embedding."""
    heads = _rope_heads(name, config)
    if heads is None:
        return matrix
    halves = matrix.reshape(heads, 2, matrix.shape[0] // heads // 2, *matrix.shape[1:])
    return halves.swapaxes(1, 2).reshape(matrix.shape)  # type: ignore[return-value]


def _rope_heads(name: str, config: BaseConfig) -> int | None:
    """How many heads the rows of a tensor are reordered in; None if they are not."""
    heads = {"q_proj": config.number("num_attention_heads"), "k_proj": config.key_heads}
    return heads.get(name.split(".")[-2]) if config.family.reorders_rope else None
