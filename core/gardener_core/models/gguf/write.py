"""Write a base model as GGUF."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import gguf
import numpy
import safetensors

from gardener_core.errors import Damaged, ModelUnfit
from gardener_core.models.families import BaseConfig, read_config
from gardener_core.models.gguf.layout import Matrix, gguf_name, gguf_order, norm_offset
from gardener_core.models.gguf.rope import FACTORS, llama3_factors
from gardener_core.models.gguf.shape_keys import add_shape
from gardener_core.models.model import WEIGHTS, BaseModel
from gardener_core.store.manifest import record_file
from gardener_core.system.files.atomic import make_folder, writing_aside

_NUMBERS = {"F32": "<f4", "F16": "<f2", "F64": "<f8"}


def ensure_base_gguf(model: BaseModel) -> Path:
    """The base as an f32 GGUF; written beside the weights where it is not whole."""
    if not model.has_gguf:
        make_folder(model.gguf.parent)
        with writing_aside(model.gguf) as new:
            write_base_gguf(model.folder, model.name, new)
        record_file(model.gguf.parent, model.gguf.name)
    return model.gguf


def write_base_gguf(folder: Path, name: str, path: Path) -> None:
    """Write a transformers folder as one f32 GGUF file."""
    config = read_config(folder)
    _refuse_base(folder, config)
    tokenizer = json.loads((folder / "tokenizer.json").read_bytes())
    if not (folder / WEIGHTS).is_file():
        raise ModelUnfit(f"{name} has no {WEIGHTS}.", hint="Save the model as one file.")
    split_rule = pre_type(tokenizer)
    writer = gguf.GGUFWriter(path, config.family.architecture)
    writer.add_type(gguf.GGUFType.MODEL)
    writer.add_name(name)
    writer.add_file_type(gguf.LlamaFileType.ALL_F32)
    add_shape(writer, config)
    _add_tokenizer(writer, config.fields, tokenizer, split_rule)
    rope = config.fields.get("rope_parameters") or {}
    if rope.get("rope_type") == "llama3":
        writer.add_tensor(FACTORS, llama3_factors(rope, config.head_width))
    for tensor_name, matrix in read_tensors(folder / WEIGHTS):
        if tensor_name == "lm_head.weight" and config.is_tied:
            continue
        if offset := norm_offset(tensor_name, config):
            matrix = matrix + numpy.float32(offset)
        matrix = numpy.ascontiguousarray(gguf_order(tensor_name, matrix, config))
        writer.add_tensor(gguf_name(tensor_name, config), matrix)
    finish(writer)


def _refuse_base(folder: Path, config: BaseConfig) -> None:
    """Refuse a base whose GGUF would answer otherwise; an adapter of it can still be written."""
    fields = config.fields
    rope = fields.get("rope_parameters") or fields.get("rope_scaling") or {}
    has_layer_types = any(isinstance(value, dict) for value in rope.values())
    kinds = (
        [part for part in rope.values() if isinstance(part, dict)] if has_layer_types else [rope]
    )
    problems = [
        reason
        for wrong, reason in (
            (any(kind.get("rope_type", "default") not in ("default", "llama3") for kind in kinds),
             "its rope is scaled"),
            (fields.get("attention_bias") or fields.get("mlp_bias"), "its layers have biases"),
        )
        if wrong
    ]  # fmt: skip
    if problems:
        raise ModelUnfit(
            f"{folder.name} cannot be written as GGUF: {', '.join(problems)}.",
            hint="Get the GGUF file of this model, and add that as a base.",
        )


def pre_type(tokenizer: Mapping[str, Any]) -> str:
    """llama.cpp's name of a pre-tokenizer; a wrong one would load silently."""
    rule = tokenizer["pre_tokenizer"] or {}
    steps = rule.get("pretokenizers", [rule])
    kinds = [step.get("type") for step in steps]
    plain = steps[-1].get("use_regex") and not steps[-1].get("add_prefix_space")
    if tokenizer["model"]["type"] == "BPE" and tokenizer.get("normalizer") is None and plain:
        if kinds == ["ByteLevel"]:
            return "gpt-2"
        if kinds == ["Digits", "ByteLevel"] and steps[0]["individual_digits"]:
            return "starcoder"
    raise ModelUnfit(
        f"How this tokenizer splits text is not known here: {json.dumps(rule)[:120]}",
        hint="Use a base with a byte-level BPE tokenizer of the GPT-2 or StarCoder kind.",
    )


def read_tensors(path: Path) -> Iterator[tuple[str, Matrix]]:
    """Every tensor of a safetensors file as f32; numpy itself has no bf16."""
    try:
        tensors = safetensors.deserialize(path.read_bytes())  # type: ignore[no-untyped-call]
    except (OSError, safetensors.SafetensorError) as problem:
        raise Damaged(f"{path} cannot be read: {problem}.", hint="Make it again.") from None
    # Their order differs between calls; files must be the same bytes.
    for name, tensor in sorted(tensors, key=lambda item: item[0]):
        if tensor["dtype"] == "BF16":
            halves = numpy.frombuffer(tensor["data"], "<u2").astype("<u4") << 16
            numbers = halves.view("<f4")
        elif tensor["dtype"] in _NUMBERS:
            numbers = numpy.frombuffer(tensor["data"], _NUMBERS[tensor["dtype"]])
        else:
            raise ModelUnfit(
                f"{path.name} holds {tensor['dtype']} numbers.", hint="Save it as bf16 or f32."
            )
        yield name, numbers.astype(numpy.float32).reshape(tensor["shape"])


def finish(writer: gguf.GGUFWriter) -> None:
    """Write everything that was added."""
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def _add_tokenizer(
    writer: gguf.GGUFWriter,
    config: Mapping[str, Any],
    tokenizer: Mapping[str, Any],
    split_rule: str,
) -> None:
    size = config["vocab_size"]
    tokens = [f"[UNUSED{number}]".encode() for number in range(size)]
    kinds = [gguf.TokenType.UNUSED] * size
    for text, number in tokenizer["model"]["vocab"].items():
        tokens[number], kinds[number] = text.encode(), gguf.TokenType.NORMAL
    for added in tokenizer["added_tokens"]:
        kind = gguf.TokenType.CONTROL if added["special"] else gguf.TokenType.USER_DEFINED
        tokens[added["id"]], kinds[added["id"]] = added["content"].encode(), kind
    merges = tokenizer["model"]["merges"]
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre(split_rule)
    writer.add_token_list(tokens)
    writer.add_token_types(kinds)
    writer.add_token_merges([pair if isinstance(pair, str) else " ".join(pair) for pair in merges])
    writer.add_add_bos_token(False)
    for add, number in (
        (writer.add_bos_token_id, config.get("bos_token_id")),
        (writer.add_eos_token_id, config.get("eos_token_id")),
        (writer.add_pad_token_id, config.get("pad_token_id")),
    ):
        if number is not None:
            add(number)
