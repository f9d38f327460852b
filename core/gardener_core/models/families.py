"""The families of models that can be trained."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gardener_core.errors import ModelUnfit


@dataclass(frozen=True, slots=True)
class Family:
    """What differs between families in GGUF files.

    With `reorders_rope`, a GGUF has the rows of queries and keys in another order than
    transformers; `norm_offset` is added to the weights of norms. `opens_gguf`: transformers makes
    a folder from a GGUF file of this family. `rounds_gelu`: llama.cpp reads that function from a
    table, so that answers differ by a thousandth.
    """

    architecture: str
    reorders_rope: bool = False
    norm_offset: float = 0.0
    opens_gguf: bool = True
    rounds_gelu: bool = False


# By the type that transformers gives them.
FAMILIES: Mapping[str, Family] = {
    "llama": Family("llama", reorders_rope=True),
    "mistral": Family("llama", reorders_rope=True),
    "granite": Family("granite", reorders_rope=True, opens_gguf=False),
    "qwen2": Family("qwen2"),
    "qwen3": Family("qwen3"),
    "gemma2": Family("gemma2", norm_offset=1.0, rounds_gelu=True),
    "gemma3_text": Family("gemma3", norm_offset=1.0, rounds_gelu=True),
    "phi3": Family("phi3"),
    "gpt2": Family("gpt2", rounds_gelu=True),
}
# What the same number is called in other families.
_OTHER_NAMES = {
    "num_hidden_layers": "n_layer",
    "num_attention_heads": "n_head",
    "hidden_size": "n_embd",
    "max_position_embeddings": "n_positions",
}


def is_trainable_folder(model_type: str) -> bool:
    """Whether a transformers folder of this type can be trained and exported."""
    return model_type in FAMILIES


def is_trainable_gguf(architecture: str) -> bool:
    """Whether the folder that is trained on can be made from a GGUF of this architecture."""
    return any(it.architecture == architecture and it.opens_gguf for it in FAMILIES.values())


@dataclass(frozen=True, slots=True)
class BaseConfig:
    """The `config.json` of a transformers folder, and its family."""

    family: Family
    fields: Mapping[str, Any]

    def number(self, name: str) -> int:
        """A count, by the name that most families have for it."""
        value = self.fields.get(name)
        return int(self.fields[_OTHER_NAMES[name]] if value is None else value)

    @property
    def key_heads(self) -> int:
        """How many heads keys and values have."""
        return int(self.fields.get("num_key_value_heads") or self.number("num_attention_heads"))

    @property
    def head_width(self) -> int:
        """The width of one head."""
        width = self.number("hidden_size") // self.number("num_attention_heads")
        return int(self.fields.get("head_dim") or width)

    @property
    def inner_width(self) -> int:
        """The width inside of a feed-forward layer."""
        width = self.fields.get("intermediate_size") or self.fields.get("n_inner")
        return int(width or 4 * self.number("hidden_size"))

    @property
    def is_tied(self) -> bool:
        """Whether the output head is the table of embeddings."""
        default = self.fields.get("model_type") in ("gpt2", "gemma2", "gemma3_text")
        return bool(self.fields.get("tie_word_embeddings", default))


def read_config(folder: Path) -> BaseConfig:
    """The configuration of a transformers folder; a family that is not known is refused."""
    fields: dict[str, Any] = json.loads((folder / "config.json").read_bytes())
    family = FAMILIES.get(str(fields.get("model_type")))
    if family is None:
        raise ModelUnfit(
            f"{folder.name} is of the type {fields.get('model_type')!r}, which is not trained "
            f"here.",
            hint=f"Take a base of one of the types {', '.join(FAMILIES)}.",
        )
    return BaseConfig(family, fields)
