"""Embed with a transformers folder."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
from transformers import AutoModel, AutoTokenizer
from transformers.models.auto.configuration_auto import CONFIG_MAPPING

from gardener_core.errors import ModelUnfit
from gardener_core.models.encoders.encoder import Encoder, Numbers, Role, TooLong
from gardener_core.models.encoders.folder import read_encoder_folder

# A head that some checkpoints lack; no pooling here uses it.
_UNUSED = "pooler."


def open_encoder(request: Mapping[str, Any]) -> Encoder:
    """The encoder of a request."""
    return TransformersModel(Path(request["path"]), request["pooling"], request["threads"])


class TransformersModel:
    """A folder's model and tokenizer; local files only, and none of its own code."""

    def __init__(self, path: Path, pooling: str, threads: int) -> None:
        folder = read_encoder_folder(path)
        if folder.model_type not in CONFIG_MAPPING:
            code = f" and brings its own code along ({folder.own_code})" if folder.own_code else ""
            raise ModelUnfit(
                f"transformers does not know {folder.model_type or 'this kind of model'}{code}; "
                "code that comes with a model is not run here.",
                hint="Use the model's GGUF: gguf:/path/file.gguf, or through Ollama.",
            )
        torch.set_num_threads(threads)
        local: dict[str, Any] = {"local_files_only": True, "trust_remote_code": False}
        try:
            self._tokenizer = AutoTokenizer.from_pretrained(path, **local)
            self._model, info = AutoModel.from_pretrained(
                path, use_safetensors=True, dtype=torch.float32, output_loading_info=True, **local
            )
        except (OSError, ValueError, KeyError, RuntimeError) as problem:
            message = " ".join(str(problem).split())[:300]
            raise ModelUnfit(
                f"transformers cannot load {path}: {message}", hint="Take a whole model."
            ) from None
        missing = [key for key in info["missing_keys"] if not key.startswith(_UNUSED)]
        if missing:  # they would be random, and so the vectors
            raise ModelUnfit(
                f"{len(missing)} weights are missing in {path}, such as {missing[0]}.",
                hint="Use the model's GGUF: gguf:/path/file.gguf",
            )
        self._model.eval()
        self._pooling = pooling
        self._context = folder.context

    def encode(self, texts: Sequence[str], role: Role) -> Numbers:
        """The vector of each text; without padding it never depends on the others."""
        ids = [self._tokenizer(text)["input_ids"] for text in texts]
        if self._context and max(map(len, ids), default=0) > self._context:
            raise TooLong
        return [self._one(some) for some in ids]

    def close(self) -> None:
        """Nothing to release: the process ends."""

    @torch.inference_mode()
    def _one(self, ids: Sequence[int]) -> list[float]:
        row = torch.tensor([ids])
        states = self._model(row, attention_mask=torch.ones_like(row)).last_hidden_state[0]
        pooled = {"cls": states[0], "last": states[-1]}.get(self._pooling, states.mean(0))
        numbers: list[float] = pooled.float().tolist()
        return numbers
