"""A tiny random base of each family, and a LoRA adapter on it that changes its answers."""

import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

import torch
import transformers
from peft import LoraConfig, get_peft_model
from transformers import AutoModelForCausalLM

from gardener_core.models.model import BASE_GGUF, WEIGHTS, BaseModel
from gardener_core.models.shape import folder_shape
from gardener_core.pretraining.tokenizer import SPECIAL, as_transformers, learn_tokenizer

VOCABULARY = 512
CONTEXT = 512
_COMMON: dict[str, Any] = {
    "vocab_size": VOCABULARY,
    "hidden_size": 64,
    "intermediate_size": 128,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "num_hidden_layers": 2,
    "max_position_embeddings": CONTEXT,
    "initializer_range": 0.1,
    "tie_word_embeddings": False,
    "bos_token_id": 0,
    "eos_token_id": 0,
    "pad_token_id": 1,
}
FAMILIES: dict[str, tuple[str, dict[str, Any]]] = {
    "llama": ("LlamaConfig", {}),
    "llama-tied": ("LlamaConfig", {"tie_word_embeddings": True}),
    "llama-3": (
        "LlamaConfig",
        {"rope_parameters": {"rope_type": "llama3", "rope_theta": 50_000.0, "factor": 8.0,
                             "low_freq_factor": 1.0, "high_freq_factor": 4.0,
                             "original_max_position_embeddings": 8192}},
    ),
    "mistral": ("MistralConfig", {"sliding_window": None}),
    "qwen2": ("Qwen2Config", {}),
    "qwen3": ("Qwen3Config", {"head_dim": 32}),
    "gemma2": (
        "Gemma2Config",
        {"head_dim": 16, "query_pre_attn_scalar": 16, "sliding_window": 256,
         "tie_word_embeddings": True},
    ),
    "gemma3": (
        "Gemma3TextConfig",
        {"head_dim": 16, "query_pre_attn_scalar": 16, "sliding_window": 256,
         "num_hidden_layers": 6, "tie_word_embeddings": True},
    ),
    "phi3": ("Phi3Config", {"original_max_position_embeddings": CONTEXT}),
    "granite": (
        "GraniteConfig",
        {"attention_multiplier": 0.25, "embedding_multiplier": 6.0, "residual_multiplier": 0.5,
         "logits_scaling": 2.0},
    ),
    "gpt2": ("GPT2Config", {"tie_word_embeddings": True, "n_inner": 128, "num_key_value_heads": 4}),
}  # fmt: skip


def save_base(folder: Path, family: str, text: str) -> BaseModel:
    """A base whose tokenizer learned from a text; norms and biases are not the usual ones."""
    torch.manual_seed(0)
    kind, own = FAMILIES[family]
    config = getattr(transformers, kind)(**_COMMON | own)
    model = AutoModelForCausalLM.from_config(config, attn_implementation="eager").float().eval()
    with torch.no_grad():
        for name, weight in model.named_parameters():
            if "norm" in name or "ln_" in name or name.endswith("bias"):
                weight.add_(torch.randn_like(weight) * 0.1)
    model.save_pretrained(folder)
    tokenizer = learn_tokenizer([text] * 8)
    as_transformers(tokenizer).save_pretrained(folder)
    _fill_vocabulary(folder / "tokenizer.json")
    return base_in(folder, f"tiny-{family[0]}")


def base_in(folder: Path, name: str) -> BaseModel:
    """The folder as the store describes one."""
    shape = folder_shape(folder)
    weights = folder / WEIGHTS
    return BaseModel(
        name=name,
        role="base",
        format="transformers",
        path=folder,
        bytes=weights.stat().st_size,
        sha256=hashlib.sha256(weights.read_bytes()).hexdigest(),
        trainable=True,
        context=CONTEXT,
        architecture=shape.architecture,
        folder=folder,
        gguf=folder / BASE_GGUF,
    )


def save_adapter(base: BaseModel, folder: Path) -> Path:
    """A LoRA on all linear layers, as far from nothing as a long training would bring it."""
    torch.manual_seed(1)
    model = AutoModelForCausalLM.from_pretrained(base.folder, dtype=torch.float32)
    lora = LoraConfig(r=4, lora_alpha=8, target_modules="all-linear", task_type="CAUSAL_LM")
    tuned = get_peft_model(model, lora)
    with torch.no_grad():
        for name, weight in tuned.named_parameters():
            if "lora_B" in name:
                weight.copy_(torch.randn_like(weight) * 0.1)
    tuned.save_pretrained(str(folder))
    return folder


def _fill_vocabulary(path: Path) -> None:
    """Each id of the model is a token, as in real ones; a rest of ids would be lost on the way."""
    fields = json.loads(path.read_text())
    vocabulary: dict[str, int] = fields["model"]["vocab"]
    if len(vocabulary) > VOCABULARY:
        kept = {text: number for text, number in vocabulary.items() if number < VOCABULARY}
        merges = [pair for pair in fields["model"]["merges"] if "".join(pair) in kept]
        fields["model"] |= {"vocab": kept, "merges": merges}
    assert len(fields["model"]["vocab"]) == VOCABULARY, len(vocabulary)
    assert SPECIAL[0] in fields["model"]["vocab"]
    path.write_text(json.dumps(fields))


def without_gguf(base: BaseModel, folder: Path) -> BaseModel:
    """A copy of a base whose GGUF has to be made."""
    shutil.copytree(base.folder, folder, ignore=shutil.ignore_patterns("*.gguf"))
    return base_in(folder, base.name)
