"""Make the folder that is trained on from a GGUF file."""

import json
import sys
from pathlib import Path

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer, PreTrainedModel

from gardener_core.errors import GardenError
from gardener_core.models.gguf.header import read_gguf_facts
from gardener_core.models.model import BaseModel
from gardener_core.models.store import ModelStore
from gardener_core.models.torch.gguf_config import config_of_gguf
from gardener_core.store.manifest import write_manifest
from gardener_core.system.files.atomic import staging, swap_folder
from gardener_core.system.places import Places

# How llama.cpp names the splitting of text that takes every digit alone; transformers makes the one
# of GPT-2 of these, which differs where blanks stand before a number.
_DIGIT_BY_DIGIT = ("smollm", "starcoder", "refact", "command-r")


def ensure_training_folder(base: BaseModel) -> Path:
    """The base as a transformers folder, with the very weights that its GGUF file serves.

    It is kept by the file's sha256, and made again where it is not whole.
    """
    if not base.has_folder:
        new = staging(base.folder)
        _dequantise(base.gguf, new)
        write_manifest(new)
        swap_folder(new, base.folder)
    return base.folder


def main() -> None:
    """Make the folder of the model that argv names; an error is the last line on stderr."""
    try:
        ensure_training_folder(ModelStore(Places.of_user()).get(sys.argv[1]))
    except GardenError as problem:
        sys.exit(problem.what)


def _dequantise(gguf: Path, folder: Path) -> None:
    where = {"gguf_file": gguf.name, "local_files_only": True}
    AutoTokenizer.from_pretrained(gguf.parent, **where).save_pretrained(folder)
    if read_gguf_facts(gguf).values.get("tokenizer.ggml.pre") in _DIGIT_BY_DIGIT:
        _split_digits(folder / "tokenizer.json")
    # Each tensor is rounded as it is read: the whole model in f32 would take twice the memory.
    model: PreTrainedModel = AutoModelForCausalLM.from_pretrained(
        gguf.parent, config=config_of_gguf(gguf), dtype=torch.bfloat16, **where
    )
    model.hf_quantizer = None  # type: ignore[assignment]  # else it is saved as if it were quantised still
    if hasattr(model.config, "quantization_config"):
        del model.config.quantization_config
    model.save_pretrained(folder)


def _split_digits(tokenizer: Path) -> None:
    fields = json.loads(tokenizer.read_bytes())
    rule = fields["pre_tokenizer"]
    if rule["type"] == "ByteLevel":
        digits = {"type": "Digits", "individual_digits": True}
        fields["pre_tokenizer"] = {"type": "Sequence", "pretokenizers": [digits, rule]}
        tokenizer.write_text(json.dumps(fields, ensure_ascii=False))
