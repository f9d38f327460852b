"""Complete the configuration that transformers reads from a GGUF file."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from transformers import AutoConfig, PretrainedConfig

from gardener_core.errors import ModelUnfit
from gardener_core.models.gguf.header import GgufFacts, read_gguf_facts
from gardener_core.models.gguf.rope import FACTORS, llama3_rope
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
    _refuse_scaled(path, facts, shape.architecture)
    for name, value in _missing(shape, facts.values).items():
        setattr(config, name, value)
    if FACTORS in facts.tensors:
        theta = float(facts.values.get(f"{shape.architecture}.rope.freq_base", 10_000.0))
        config.rope_parameters = llama3_rope(path, theta, shape.key_width)
    return config


def _refuse_scaled(path: Path, facts: GgufFacts, architecture: str) -> None:
    """Refuse a rope that transformers would read as a plain one."""
    kind = facts.values.get(f"{architecture}.rope.scaling.type", "none")
    if kind != "none" or any(name.startswith("rope_factors") for name in facts.tensors):
        raise ModelUnfit(
            f"{path.name} has a scaled rope, which is not read from a GGUF.",
            hint="It completes code; take another base for training.",
        )


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
