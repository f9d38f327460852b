"""Complete the configuration that transformers reads from a GGUF file."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from transformers import AutoConfig, PretrainedConfig

from gardener_core.models.gguf.header import read_gguf_facts
from gardener_core.models.shape import BaseShape, gguf_shape

# Layers of the models whose queries are scaled by the width of a head as it would be without
# `key_length`; llama.cpp tells them by this number, too.
_WIDE_GEMMA = {"gemma2": 46, "gemma3": 62}


def config_of_gguf(path: Path) -> PretrainedConfig:
    """The configuration of a base, with the sizes that transformers takes for granted."""
    config: PretrainedConfig = AutoConfig.from_pretrained(
        path.parent, gguf_file=path.name, local_files_only=True
    )
    facts = read_gguf_facts(path)
    shape = gguf_shape(facts)
    for name, value in _missing(shape, facts.values).items():
        setattr(config, name, value)
    return config


def _missing(shape: BaseShape, values: Mapping[str, Any]) -> dict[str, Any]:
    match shape.architecture:
        case "gpt2":
            return {"n_inner": shape.inner_width, "n_positions": values["gpt2.context_length"]}
        case "gemma2" | "gemma3":
            wide = shape.layers == _WIDE_GEMMA[shape.architecture]
            scalar = shape.width // shape.heads if wide else shape.key_width
            return {"head_dim": shape.key_width, "query_pre_attn_scalar": scalar}
        case "llama" | "qwen3":
            return {"head_dim": shape.key_width}
        case _:
            return {}
