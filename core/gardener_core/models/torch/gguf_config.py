"""Make the configuration of a base from its GGUF."""

from pathlib import Path
from typing import Any

from transformers import AutoConfig, PretrainedConfig

from gardener_core.errors import ModelUnfit
from gardener_core.models.gguf.header import GgufFacts
from gardener_core.models.gguf.rope import FACTORS, llama3_rope
from gardener_core.models.shape import BaseShape, gguf_shape

# The types of transformers whose names are not those of the architectures.
_MODEL_TYPES = {"gemma3": "gemma3_text"}
# Layers of the models whose queries are scaled by the width of a head as it would be without
# `key_length`; llama.cpp tells them by this number, too.
_WIDE_GEMMA = {"gemma2": 46, "gemma3": 62}
# What transformers calls the values of a header, where the header has them.
_VALUES = {
    "{0}.context_length": "max_position_embeddings",
    "{0}.attention.layer_norm_rms_epsilon": "rms_norm_eps",
    "{0}.rope.freq_base": "rope_theta",
    "general.name": "_model_name_or_path",
    "tokenizer.ggml.bos_token_id": "bos_token_id",
    "tokenizer.ggml.eos_token_id": "eos_token_id",
    "tokenizer.ggml.unknown_token_id": "unk_token_id",
    "tokenizer.ggml.padding_token_id": "pad_token_id",
}
_GEMMA_VALUES = {"{0}.attention.sliding_window": "sliding_window"}
_GPT2_VALUES = {
    "{0}.context_length": "n_positions",
    "{0}.attention.layer_norm_epsilon": "layer_norm_epsilon",
}


def config_of_gguf(path: Path, facts: GgufFacts) -> PretrainedConfig:
    """The configuration of a base, with the sizes that transformers takes for granted."""
    shape = gguf_shape(facts)
    architecture = shape.architecture
    _refuse_scaled(path, facts, architecture)
    fields = _sizes(shape) | {
        name: facts.values[key.format(architecture)]
        for key, name in _names(architecture).items()
        if key.format(architecture) in facts.values
    }
    kind = _MODEL_TYPES.get(architecture, architecture)
    config: PretrainedConfig = AutoConfig.for_model(kind, **fields)
    if FACTORS in facts.tensors:
        theta = float(facts.values.get(f"{architecture}.rope.freq_base", 10_000.0))
        config.rope_parameters = llama3_rope(path, facts, theta, shape.key_width)
    return config


def _refuse_scaled(path: Path, facts: GgufFacts, architecture: str) -> None:
    """Refuse a rope that transformers would read as a plain one."""
    kind = facts.values.get(f"{architecture}.rope.scaling.type", "none")
    if kind != "none" or any(name.startswith("rope_factors") for name in facts.tensors):
        raise ModelUnfit(
            f"{path.name} has a scaled rope, which is not read from a GGUF.",
            hint="It completes code; take another base for training.",
        )


def _names(architecture: str) -> dict[str, str]:
    match architecture:
        case "gpt2":
            return _VALUES | _GPT2_VALUES
        case "gemma2" | "gemma3":
            return _VALUES | _GEMMA_VALUES
        case _:
            return _VALUES


def _sizes(shape: BaseShape) -> dict[str, Any]:
    common = {"vocab_size": shape.vocabulary, "tie_word_embeddings": shape.tied}
    if shape.architecture == "gpt2":
        return common | {
            "n_layer": shape.layers,
            "n_embd": shape.width,
            "n_inner": shape.inner_width,
            "n_head": shape.heads,
        }
    common |= {
        "num_hidden_layers": shape.layers,
        "hidden_size": shape.width,
        "intermediate_size": shape.inner_width,
        "num_attention_heads": shape.heads,
        "num_key_value_heads": shape.key_heads,
    }
    match shape.architecture:
        case "gemma2" | "gemma3":
            wide = shape.layers == _WIDE_GEMMA[shape.architecture]
            scalar = shape.width // shape.heads if wide else shape.key_width
            return common | {"head_dim": shape.key_width, "query_pre_attn_scalar": scalar}
        case "llama" | "qwen3":
            return common | {"head_dim": shape.key_width}
        case _:
            return common
