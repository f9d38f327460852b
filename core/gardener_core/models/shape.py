"""The sizes of a base model."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from gardener_core.models.families import read_config
from gardener_core.models.gguf.header import GgufFacts, read_gguf_facts, stamp_of
from gardener_core.models.model import WEIGHTS, BaseModel
from gardener_core.system.files.regular import open_regular


@dataclass(frozen=True, slots=True)
class BaseShape:
    """The sizes that memory depends on, and that an adapter has to fit."""

    architecture: str
    parameters: int
    layers: int
    width: int
    inner_width: int
    heads: int
    key_heads: int
    key_width: int
    value_width: int
    vocabulary: int
    tied: bool


def shape_of(base: BaseModel) -> BaseShape:
    """The sizes of a base, read from what was given of it."""
    if base.format == "gguf":
        return _shape_in(base.gguf, *stamp_of(base.gguf))
    return folder_shape(base.folder)


@lru_cache(maxsize=16)
def _shape_in(gguf: Path, size: int, changed_ns: int) -> BaseShape:
    """The header with its vocabulary takes a fifth of a second to read, so it is read once."""
    return gguf_shape(read_gguf_facts(gguf))


def gguf_shape(facts: GgufFacts) -> BaseShape:
    """The sizes that the header of a GGUF file tells."""
    values = facts.values
    architecture = str(values.get("general.architecture", ""))

    def number(key: str, otherwise: int = 0) -> int:
        value = values.get(f"{architecture}.{key}", otherwise)
        return value if isinstance(value, int) else otherwise

    width, heads = number("embedding_length"), number("attention.head_count", 1)
    head_width = width // max(1, heads)
    return BaseShape(
        architecture=architecture,
        parameters=sum(entry.size for entry in facts.tensors.values()),
        layers=number("block_count"),
        width=width,
        inner_width=number("feed_forward_length"),
        heads=heads,
        key_heads=number("attention.head_count_kv", heads),
        key_width=number("attention.key_length", head_width),
        value_width=number("attention.value_length", head_width),
        vocabulary=facts.lengths.get("tokenizer.ggml.tokens", number("vocab_size")),
        tied="output.weight" not in facts.tensors,
    )


def folder_shape(folder: Path) -> BaseShape:
    """The sizes of a transformers folder."""
    config = read_config(folder)
    return BaseShape(
        architecture=config.family.architecture,
        parameters=_parameters(folder / WEIGHTS),
        layers=config.number("num_hidden_layers"),
        width=config.number("hidden_size"),
        inner_width=config.inner_width,
        heads=config.number("num_attention_heads"),
        key_heads=config.key_heads,
        key_width=config.head_width,
        value_width=config.head_width,
        vocabulary=config.number("vocab_size"),
        tied=config.is_tied,
    )


def _parameters(weights: Path) -> int:
    """How many numbers a safetensors file holds."""
    with open_regular(weights) as file:
        header: Mapping[str, Any] = json.loads(file.read(int.from_bytes(file.read(8), "little")))
    return sum(math.prod(part["shape"]) for name, part in header.items() if name != "__metadata__")
