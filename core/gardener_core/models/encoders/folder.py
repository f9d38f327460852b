"""Describe a transformers folder without loading it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gardener_core.errors import ModelMissing, ModelUnfit
from gardener_core.system.files.atomic import bytes_under

CONFIG = "config.json"
WEIGHTS = "*.safetensors"
_POOLINGS = {
    "pooling_mode_cls_token": "cls",
    "pooling_mode_mean_tokens": "mean",
    "pooling_mode_lasttoken": "last",
}


@dataclass(frozen=True, slots=True)
class EncoderFolder:
    """A folder by its own files; what these do not say is empty, 0 or None.

    `own_code` names classes that the folder brings as code.
    """

    path: Path
    bytes: int
    model_type: str
    own_code: str
    context: int
    dimensions: int
    pooling: str
    query_prefix: str | None
    document_prefix: str | None

    @property
    def names(self) -> tuple[str, ...]:
        """Its names, the most reliable first."""
        return (self.path.name, self.path.parent.name, self.model_type)


def read_encoder_folder(path: Path) -> EncoderFolder:
    """Describe a folder; its weights must be safetensors, which run no code."""
    if not (path / CONFIG).is_file():
        raise ModelMissing(
            f"There is no transformers model in {path}.", hint=f"Name a folder with a {CONFIG}."
        )
    if not any(path.glob(WEIGHTS)):
        raise ModelUnfit(
            f"{path} holds no safetensors file; other weights may run code when they are read.",
            hint="Take the same model with safetensors.",
        )
    config = _json(path / CONFIG)
    own = config.get("auto_map")
    prompts = _json(path / "config_sentence_transformers.json").get("prompts")
    prefixes = prompts if isinstance(prompts, dict) else {}
    return EncoderFolder(
        path=path,
        bytes=bytes_under(path),
        model_type=str(config.get("model_type", "")),
        own_code=", ".join(map(str, own.values())) if isinstance(own, dict) else "",
        context=_context(path, config),
        dimensions=_count(config, "hidden_size") or _count(config, "n_embd"),
        pooling=_pooling(_json(path / "1_Pooling" / CONFIG)),
        query_prefix=_text(prefixes, "query"),
        document_prefix=_text(prefixes, "document"),
    )


def _context(path: Path, config: Mapping[str, Any]) -> int:
    own = _count(_json(path / "sentence_bert_config.json"), "max_seq_length")
    max_positions = _count(config, "max_position_embeddings") or _count(config, "n_positions")
    return min(own, max_positions) if own and max_positions else own or max_positions


def _pooling(modes: Mapping[str, Any]) -> str:
    modes_set = [name for key, name in _POOLINGS.items() if modes.get(key) is True]
    return modes_set[0] if len(modes_set) == 1 else ""


def _json(path: Path) -> Mapping[str, Any]:
    try:
        fields = json.loads(path.read_bytes())
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as problem:
        raise ModelUnfit(f"{path} cannot be read: {problem}.", hint="Take a whole model.") from None
    return fields if isinstance(fields, dict) else {}


def _count(fields: Mapping[str, Any], key: str) -> int:
    value = fields.get(key)
    return value if isinstance(value, int) else 0


def _text(fields: Mapping[str, Any], key: str) -> str | None:
    value = fields.get(key)
    return value if isinstance(value, str) else None
