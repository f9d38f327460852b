"""A base written as GGUF has the same tokens, the same bytes each time, or is refused."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from gardener_core.errors import ModelUnfit
from gardener_core.evaluation.split import SourceFile
from gardener_core.models.gguf.header import read_gguf_facts
from gardener_core.models.gguf.pre_tokenizer import pre_type
from gardener_core.models.gguf.write import ensure_base_gguf, write_base_gguf
from gardener_core.models.llama.client import Llama
from gardener_core.models.model import BASE_GGUF, BaseModel
from gardener_core.models.tokens import TextTokens

QWEN2 = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*"
    r"|\s*[\r\n]+|\s+(?!\S)|\s+"
)


def test_token_ids_are_equal_on_code_and_on_odd_texts(
    seedling: BaseModel, llama: Llama, sources: tuple[SourceFile, ...], odd_texts: tuple[str, ...]
) -> None:
    tokens = TextTokens(seedling.path)
    for text in [*odd_texts, *(file.text for file in sources)]:
        ids = tokens.encode(text)
        assert llama.tokenize(text) == ids
        assert tokens.decode(ids) == text
        assert tokens.special("<|eos|>") not in ids


def test_the_file_is_written_once_and_nothing_is_left_beside_it(
    seedling: BaseModel, base_gguf: Path
) -> None:
    before = base_gguf.stat().st_mtime_ns
    assert ensure_base_gguf(seedling) == base_gguf
    assert base_gguf.stat().st_mtime_ns == before
    assert [path.name for path in seedling.path.glob("*gguf*")] == [base_gguf.name]
    assert not list(seedling.path.glob(".*"))


def test_the_same_model_makes_the_same_bytes(
    seedling: BaseModel, base_gguf: Path, tmp_path: Path
) -> None:
    for _ in range(3):
        write_base_gguf(seedling.path, seedling.name, tmp_path / "again.gguf")
        assert (tmp_path / "again.gguf").read_bytes() == base_gguf.read_bytes()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("attention_bias", True),
        ("rope_parameters", {"rope_type": "yarn", "rope_theta": 1.0}),
    ],
)
def test_another_shape_is_refused(
    seedling: BaseModel, tmp_path: Path, field: str, value: object
) -> None:
    model = copy_without_gguf(seedling, tmp_path)
    config = json.loads((model.path / "config.json").read_text())
    (model.path / "config.json").write_text(json.dumps({**config, field: value}))
    with pytest.raises(ModelUnfit, match="cannot be written as GGUF"):
        ensure_base_gguf(model)
    assert not list(model.path.glob("*gguf*"))


def test_an_unknown_family_is_refused(seedling: BaseModel, tmp_path: Path) -> None:
    model = copy_without_gguf(seedling, tmp_path)
    config = json.loads((model.folder / "config.json").read_text())
    (model.folder / "config.json").write_text(json.dumps({**config, "model_type": "mamba"}))
    with pytest.raises(ModelUnfit, match="'mamba', which is not trained here"):
        ensure_base_gguf(model)


def test_an_unknown_way_of_splitting_is_refused(seedling: BaseModel) -> None:
    tokenizer = json.loads((seedling.path / "tokenizer.json").read_text())
    digits, byte_level = tokenizer["pre_tokenizer"]["pretokenizers"]
    assert pre_type(tokenizer) == "starcoder"
    assert pre_type({**tokenizer, "pre_tokenizer": byte_level}) == "gpt-2"
    for wrong in (
        {**tokenizer, "normalizer": {"type": "NFC"}},
        {**tokenizer, "pre_tokenizer": {"type": "Whitespace"}},
        {**tokenizer, "pre_tokenizer": None},
        {**tokenizer, "pre_tokenizer": digits},
        {**tokenizer, "pre_tokenizer": {**byte_level, "add_prefix_space": True}},
    ):
        with pytest.raises(ModelUnfit, match="splits text"):
            pre_type(wrong)


def copy_without_gguf(model: BaseModel, folder: Path) -> BaseModel:
    path = folder / "copy"
    shutil.copytree(model.path, path, ignore=shutil.ignore_patterns("*gguf*"))
    return replace(model, path=path, folder=path, gguf=path / BASE_GGUF)


@pytest.mark.parametrize(
    ("expression", "normalizer", "name"),
    [
        (QWEN2, {"type": "NFC"}, "qwen2"),
        (QWEN2, None, "qwen2"),
        (QWEN2.replace(r"\p{N}|", r"\p{N}{1,3}|"), None, "llama-bpe"),
        (QWEN2.replace(r"\p{N}|", r"\p{N}{1,3}|"), {"type": "NFC"}, ""),
        (QWEN2.replace(r"\p{N}|", r"\p{N}{1,2}|"), None, ""),
    ],
)
def test_an_expression_that_splits_text_is_known_to_the_letter(
    seedling: BaseModel, expression: str, normalizer: dict[str, str] | None, name: str
) -> None:
    tokenizer = json.loads((seedling.path / "tokenizer.json").read_text())
    split = {"type": "Split", "pattern": {"Regex": expression}, "behavior": "Isolated"}
    steps = [split, {"type": "ByteLevel", "add_prefix_space": False, "use_regex": False}]
    tokenizer |= {
        "pre_tokenizer": {"type": "Sequence", "pretokenizers": steps},
        "normalizer": normalizer,
    }
    if name:
        assert pre_type(tokenizer) == name
    else:
        with pytest.raises(ModelUnfit, match="not known here"):
            pre_type(tokenizer)


def test_the_chat_template_and_the_end_token_are_in_the_file(
    seedling: BaseModel, tmp_path: Path
) -> None:
    model = copy_without_gguf(seedling, tmp_path)
    (model.folder / "chat_template.jinja").write_text("{{ messages[0].content }}<|eos|>")
    values = read_gguf_facts(ensure_base_gguf(model)).values
    assert values["tokenizer.chat_template"] == "{{ messages[0].content }}<|eos|>"
    config = json.loads((model.folder / "config.json").read_text())
    assert values["tokenizer.ggml.eos_token_id"] == config["eos_token_id"]
