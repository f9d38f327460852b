"""Write a base model as GGUF."""

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import gguf
import numpy

from gardener_core.errors import ModelUnfit
from gardener_core.models.chat_template import folder_template
from gardener_core.models.families import BaseConfig, read_config
from gardener_core.models.gguf.header import read_gguf_facts
from gardener_core.models.gguf.layout import gguf_name, gguf_order, is_transposed, norm_offset
from gardener_core.models.gguf.pre_tokenizer import pre_type
from gardener_core.models.gguf.rope import FACTORS, llama3_factors
from gardener_core.models.gguf.safetensors_file import read_tensors, tensor_shapes
from gardener_core.models.gguf.shape_keys import add_shape
from gardener_core.models.model import WEIGHTS, BaseModel
from gardener_core.store.manifest import record_file
from gardener_core.system.files.atomic import make_folder, writing_aside


def ensure_base_gguf(model: BaseModel) -> Path:
    """The base as an f32 GGUF; written beside the weights where it is not whole."""
    if not model.has_gguf or _lacks_template(model):
        make_folder(model.gguf.parent)
        with writing_aside(model.gguf) as new:
            write_base_gguf(model.folder, model.name, new)
        record_file(model.gguf.parent, model.gguf.name)
    return model.gguf


def _lacks_template(model: BaseModel) -> bool:
    """Whether an older program wrote the GGUF of a folder without its chat template."""
    if model.format == "gguf" or not folder_template(model.folder):
        return False
    return "tokenizer.chat_template" not in read_gguf_facts(model.gguf).values


def write_base_gguf(folder: Path, name: str, path: Path) -> None:
    """Write a transformers folder as one f32 GGUF file; one tensor at a time is in memory."""
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
    if template := folder_template(folder):
        writer.add_chat_template(template)
    _write_tensors(writer, folder / WEIGHTS, config)


def _write_tensors(writer: gguf.GGUFWriter, weights: Path, config: BaseConfig) -> None:
    rope = config.fields.get("rope_parameters") or {}
    factors = llama3_factors(rope, config.head_width) if rope.get("rope_type") == "llama3" else None
    if factors is not None:
        _announce(writer, FACTORS, factors.shape)
    for name, shape in tensor_shapes(weights).items():
        if not _is_tied_head(name, config):
            turned = shape[::-1] if is_transposed(name, config) else shape
            _announce(writer, gguf_name(name, config), turned)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_ti_data_to_file()
    if factors is not None:
        writer.write_tensor_data(factors)
    for name, matrix in read_tensors(weights):
        if not _is_tied_head(name, config):
            if offset := norm_offset(name, config):
                matrix = matrix + numpy.float32(offset)
            writer.write_tensor_data(numpy.ascontiguousarray(gguf_order(name, matrix, config)))
    writer.close()


def _announce(writer: gguf.GGUFWriter, name: str, shape: tuple[int, ...]) -> None:
    writer.add_tensor_info(name, shape, numpy.dtype("<f4"), 4 * math.prod(shape))


def _is_tied_head(name: str, config: BaseConfig) -> bool:
    return name == "lm_head.weight" and config.is_tied


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
