"""Write the shape of a model into a GGUF header."""

from collections.abc import Mapping
from typing import Any

import gguf

from gardener_core.models.families import BaseConfig


def add_shape(writer: gguf.GGUFWriter, config: BaseConfig) -> None:
    """Add the sizes of a model, and the constants of its family."""
    fields = config.fields
    writer.add_context_length(config.number("max_position_embeddings"))
    writer.add_embedding_length(config.number("hidden_size"))
    writer.add_block_count(config.number("num_hidden_layers"))
    writer.add_feed_forward_length(config.inner_width)
    writer.add_head_count(config.number("num_attention_heads"))
    if config.family.architecture == "gpt2":
        writer.add_layer_norm_eps(fields["layer_norm_epsilon"])
        return
    writer.add_head_count_kv(config.key_heads)
    writer.add_layer_norm_rms_eps(fields["rms_norm_eps"])
    writer.add_vocab_size(fields["vocab_size"])
    writer.add_key_length(config.head_width)
    writer.add_value_length(config.head_width)
    writer.add_rope_dimension_count(config.head_width)
    writer.add_rope_freq_base(_rope_base(fields))
    match config.family.architecture:
        case "gemma2":
            writer.add_attn_logit_softcapping(fields["attn_logit_softcapping"])
            writer.add_final_logit_softcapping(fields["final_logit_softcapping"])
            writer.add_sliding_window(fields["sliding_window"])
        case "gemma3":
            writer.add_sliding_window(fields["sliding_window"])
        case "phi3":
            writer.add_sliding_window(fields.get("sliding_window") or 0)
            writer.add_rope_scaling_orig_ctx_len(fields["original_max_position_embeddings"])
        case "granite":
            writer.add_attention_scale(fields["attention_multiplier"])
            writer.add_embedding_scale(fields["embedding_multiplier"])
            writer.add_residual_scale(fields["residual_multiplier"])
            writer.add_logit_scale(fields["logits_scaling"])


def _rope_base(fields: Mapping[str, Any]) -> float:
    rope = fields.get("rope_parameters") or fields
    rope = rope.get("full_attention", rope)
    return float(rope.get("rope_theta", 10_000.0))
