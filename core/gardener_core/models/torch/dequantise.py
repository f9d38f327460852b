"""Make the folder that is trained on from a GGUF file."""

import json
import math
import shutil
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy
import torch
from transformers import (
    AutoModelForCausalLM,
    PretrainedConfig,
    PreTrainedModel,
    PreTrainedTokenizerFast,
    Qwen2Tokenizer,
)

from gardener_core.errors import GardenError, ModelUnfit
from gardener_core.events.run import PhaseAdvanced
from gardener_core.models.families import FAMILIES, BaseConfig
from gardener_core.models.gguf.header import GgufFacts, TensorEntry, read_gguf_facts
from gardener_core.models.gguf.layout import (
    Matrix,
    gguf_name,
    is_transposed,
    norm_offset,
    transformers_order,
)
from gardener_core.models.gguf.rope import FACTORS
from gardener_core.models.gguf.tensors import dequantised_rows
from gardener_core.models.model import WEIGHTS, BaseModel
from gardener_core.models.store import ModelStore
from gardener_core.models.torch.gguf_config import config_of_gguf
from gardener_core.models.torch.weights import Bf16Bits, bf16_bits, writing_weights
from gardener_core.store.manifest import write_manifest
from gardener_core.system.files.atomic import staging, swap_folder
from gardener_core.system.interrupts import Interruptible
from gardener_core.system.pace import Pace
from gardener_core.system.places import Places

# How llama.cpp names the splitting of text that takes every digit alone; transformers makes the one
# of GPT-2 of these, which differs where blanks stand before a number.
_DIGIT_BY_DIGIT = ("smollm", "starcoder", "refact", "command-r")


def ensure_training_folder(base: BaseModel) -> Path:
    """The base as a transformers folder, with the very weights that its GGUF file serves.

    It is kept by the file's sha256, and made again where it is not whole.
    """
    for _ in make_training_folder(base, Interruptible()):
        pass
    return base.folder


def make_training_folder(base: BaseModel, interruptible: Interruptible) -> Iterator[PhaseAdvanced]:
    """Make that folder where it is not whole, and report how many tensors are written."""
    if base.has_folder:
        return
    new = staging(base.folder)
    try:
        yield from _dequantise(base.gguf, new, interruptible)
        with interruptible:
            write_manifest(new)
        swap_folder(new, base.folder)
    finally:
        shutil.rmtree(new, ignore_errors=True)


def main() -> None:
    """Make the folder of the model that argv names; an error is the last line on stderr."""
    try:
        ensure_training_folder(ModelStore(Places.of_user()).get(sys.argv[1]))
    except GardenError as problem:
        sys.exit(problem.what)


def _dequantise(gguf: Path, folder: Path, interruptible: Interruptible) -> Iterator[PhaseAdvanced]:
    with interruptible:
        facts = read_gguf_facts(gguf)
        settings = config_of_gguf(gguf, facts)
        model = _without_numbers(settings)
        config = BaseConfig(FAMILIES[settings.model_type], settings.to_dict())
        entries = _entries(gguf, facts, model, config)
        settings.save_pretrained(folder)
        model.generation_config.save_pretrained(folder)
        _save_tokenizer(gguf, facts, folder)
    shapes = {name: tuple(parameter.shape) for name, parameter in model.named_parameters()}
    pace = Pace()
    with gguf.open("rb") as file, writing_weights(folder / WEIGHTS, shapes) as written:
        for done, name in enumerate(sorted(shapes), 1):
            with interruptible:
                rows = dequantised_rows(file, facts.data_start, entries[name])
                tensor = _rounded(rows, entries[name].shape, norm_offset(name, config))
                tensor = transformers_order(name, tensor, config)
                written.write(numpy.ascontiguousarray(tensor).data)
            if pace.is_due() or done == len(shapes):
                yield PhaseAdvanced("converting", done, len(shapes), "tensors")


def _rounded(rows: Iterator[Matrix], shape: tuple[int, ...], offset: float) -> Bf16Bits:
    """A tensor in bf16; in f32 it would take twice the memory."""
    tensor, done = numpy.empty(math.prod(shape), numpy.int16), 0
    for part in rows:
        exact = part - numpy.float32(offset) if offset else part
        tensor[done : done + part.size] = bf16_bits(exact).ravel()
        done += part.size
    return tensor.reshape(shape)


def _without_numbers(config: PretrainedConfig) -> PreTrainedModel:
    """The model of a configuration, of which there are names and shapes alone."""
    config.dtype = torch.bfloat16
    with torch.device("meta"):
        model: PreTrainedModel = AutoModelForCausalLM.from_config(config)
    config.architectures = [type(model).__name__]
    return model


def _entries(
    gguf: Path, facts: GgufFacts, model: PreTrainedModel, config: BaseConfig
) -> Mapping[str, TensorEntry]:
    """Where the file keeps each tensor of a model; refused where it is of another shape."""
    entries: dict[str, TensorEntry] = {}
    unused = set(facts.tensors) - {FACTORS}
    for name, parameter in model.named_parameters():  # of tied ones the first
        written, shape = gguf_name(name, config), tuple(parameter.shape)
        expected = shape[::-1] if is_transposed(name, config) else shape
        entry = facts.tensors.get(written)
        if entry is None:
            raise _unfit(gguf, f"has no tensor {written}")
        if entry.shape != expected:
            raise _unfit(gguf, f"has {written} of the shape {entry.shape}, not {expected}")
        entries[name] = entry
        unused.discard(written)
    if unused:
        raise _unfit(gguf, f"has the tensor {min(unused)}, which the model does not have")
    return entries


def _unfit(gguf: Path, what: str) -> ModelUnfit:
    return ModelUnfit(f"{gguf.name} {what}.", hint="It may complete code; train on another base.")


def _save_tokenizer(gguf: Path, facts: GgufFacts, folder: Path) -> None:
    is_qwen2 = facts.values["general.architecture"] == "qwen2"
    kind = Qwen2Tokenizer if is_qwen2 else PreTrainedTokenizerFast
    tokenizer = kind.from_pretrained(gguf.parent, gguf_file=gguf.name, local_files_only=True)
    tokenizer.save_pretrained(folder)
    if facts.values.get("tokenizer.ggml.pre") in _DIGIT_BY_DIGIT:
        _split_digits(folder / "tokenizer.json")


def _split_digits(tokenizer: Path) -> None:
    fields = json.loads(tokenizer.read_bytes())
    rule = fields["pre_tokenizer"]
    if rule["type"] == "ByteLevel":
        digits = {"type": "Digits", "individual_digits": True}
        fields["pre_tokenizer"] = {"type": "Sequence", "pretokenizers": [digits, rule]}
        tokenizer.write_text(json.dumps(fields, ensure_ascii=False))
