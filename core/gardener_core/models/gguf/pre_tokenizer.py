"""Name how a tokenizer splits text."""

import json
from collections.abc import Mapping
from typing import Any

from gardener_core.errors import ModelUnfit

# llama.cpp's name of each expression; it has the same ones under these names.
_EXPRESSIONS: Mapping[str, str] = {
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*"
    r"|\s*[\r\n]+|\s+(?!\S)|\s+": "qwen2",
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*"
    r"|\s*[\r\n]+|\s+(?!\S)|\s+": "llama-bpe",
}
# llama.cpp composes no letters; of these, texts whose letters are composed are the same.
_COMPOSING = ("qwen2",)


def pre_type(tokenizer: Mapping[str, Any]) -> str:
    """llama.cpp's name of a pre-tokenizer; a wrong one would load silently.

    `starcoder` and `smollm` split alike, so that one name stands for both.
    """
    rule = tokenizer["pre_tokenizer"] or {}
    steps = rule.get("pretokenizers", [rule])
    name = _name_of(steps) if tokenizer["model"]["type"] == "BPE" else None
    normalizer = tokenizer.get("normalizer")
    composes = normalizer is not None and normalizer.get("type") == "NFC" and name in _COMPOSING
    if name is None or (normalizer is not None and not composes):
        raise ModelUnfit(
            f"How this tokenizer splits text is not known here: {json.dumps(rule)[:120]}",
            hint="Use a base with a byte-level BPE tokenizer of the kind of GPT-2, StarCoder, "
            "SmolLM, Llama 3 or Qwen 2, or get the GGUF file of this model and add that.",
        )
    return name


def _name_of(steps: list[Mapping[str, Any]]) -> str | None:
    kinds = [step.get("type") for step in steps]
    last = steps[-1]
    if last.get("type") != "ByteLevel" or last.get("add_prefix_space"):
        return None
    if kinds == ["ByteLevel"] and last.get("use_regex"):
        return "gpt-2"
    if kinds == ["Digits", "ByteLevel"] and last.get("use_regex") and steps[0]["individual_digits"]:
        return "starcoder"
    if kinds == ["Split", "ByteLevel"] and not last.get("use_regex", True):
        first = steps[0]
        if first.get("behavior") == "Isolated" and not first.get("invert"):
            return _EXPRESSIONS.get(first["pattern"].get("Regex", ""))
    return None
