"""ExportedFiles files answer as what was trained, or the fault is named."""

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import gguf
import numpy
import pytest
from safetensors.numpy import load_file, save_file
from support.draining import result_of
from support.shared import made_once

from gardener_core.errors import ModelUnfit
from gardener_core.events.fidelity_text import figures_of, verdict_of
from gardener_core.events.parts import Fidelity
from gardener_core.export.fidelity.bounds import TOLERANCE, Form, judged, require
from gardener_core.export.fidelity.measuring import ExportedFiles, Trained, measure
from gardener_core.export.lora import LoraAdapter, read_lora
from gardener_core.export.lora_gguf import write_lora_gguf
from gardener_core.export.merging import merge_gguf
from gardener_core.models.gguf.write import ensure_base_gguf
from gardener_core.models.model import BaseModel
from gardener_core.system.interrupts import Interruptible

TEMPLATE = (
    "{% for message in messages %}<|file|>{{ message.role }}\n{{ message.content }}<|eos|>\n"
    "{% endfor %}{% if add_generation_prompt %}<|file|>assistant\n{% endif %}"
)
PLACES = 24
HEADS = 2  # of the seedling


@pytest.fixture(scope="module")
def talking(seedling: BaseModel, tmp_path_factory: pytest.TempPathFactory) -> BaseModel:
    """The seedling with a chat template."""

    def make(home: Path) -> BaseModel:
        shutil.copytree(
            seedling.folder, home / "base", ignore=shutil.ignore_patterns("*.gguf", "files.json")
        )
        (home / "base" / "chat_template.jinja").write_text(TEMPLATE)
        model = replace(
            seedling, path=home / "base", folder=home / "base", gguf=home / "base" / "b.gguf"
        )
        ensure_base_gguf(model)
        return model

    return made_once(tmp_path_factory, "talking", make)


@pytest.fixture(scope="module")
def texts(sources, odd_texts) -> list[str]:
    return [*(file.text for file in sources[20:24]), *odd_texts]


@pytest.fixture
def check(talking: BaseModel, trained, texts: list[str], tmp_path: Path) -> Callable[..., Fidelity]:
    def measured(exported: ExportedFiles, form: Form, **words: str) -> Fidelity:
        compared = measure(
            Trained(talking, trained.adapter, talking.gguf), exported, texts,
            tmp_path / "log.txt", 1, Interruptible(), PLACES,
        )  # fmt: skip
        return judged(result_of(compared), talking, form, **words)

    return measured


def merged(base: BaseModel, adapter: LoraAdapter, path: Path, quant="f32") -> ExportedFiles:
    list(merge_gguf(base.gguf, path, quant, adapter))
    return ExportedFiles(path)


def with_keys(path: Path, drop: str, **texts: str) -> Path:
    """A copy of a file without a key, or with another text for it, as the gguf package writes."""
    reader, new = gguf.GGUFReader(path), path.with_name("changed.gguf")
    writer = gguf.GGUFWriter(new, "llama")
    for name, field in reader.fields.items():
        if name.startswith("GGUF.") or name in ("general.architecture", drop):
            continue
        kinds = [int(kind) for kind in field.types]
        value = texts.get(name.rpartition(".")[2], field.contents())
        writer.add_key_value(name, value, kinds[0], kinds[1] if len(kinds) > 1 else None)
    for tensor in reader.tensors:
        writer.add_tensor(tensor.name, tensor.data, raw_dtype=tensor.tensor_type)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return new


def test_a_merged_file_and_an_adapter_beside_its_base_answer_as_trained(
    talking: BaseModel, trained, check, tmp_path: Path
) -> None:
    lora = read_lora(trained.adapter, talking.folder)
    for exported, form in (
        (merged(talking, lora, tmp_path / "merged.gguf"), "f32"),
        (ExportedFiles(talking.gguf, trained.gguf), "lora-f32"),
    ):
        found = check(exported, form)
        require(found)
        assert not found.problems and found.passes
        assert PLACES <= found.positions == found.scored_tokens and found.scored_files == 8
        assert max(found.worst_base, found.worst_adapter) < TOLERANCE == found.gap_bound
        assert found.adapter_effect > 100 * TOLERANCE
        assert (found.token_texts, found.token_texts_differing) == (12, 0)
        assert (found.prompts, found.prompts_differing) == (3, 0)
        assert (found.end_tokens, found.end_tokens_missing) == (1, 0)
        assert found.greedy_equal == found.positions
        assert found.bits_exported == pytest.approx(found.bits_trained, rel=1e-4)
        assert abs(found.bits_base / found.bits_trained - 1) > 1e-5
        assert found.bits_low <= found.bits_lost <= found.bits_high
        assert "as the trained model does" in verdict_of(found)
        assert f"{found.bits_exported:.4f}" in figures_of(found)


def test_a_forgotten_permutation_is_caught(talking, trained, check, tmp_path: Path) -> None:
    lora = read_lora(trained.adapter, talking.folder)
    pairs = dict(lora.pairs)
    for name, pair in lora.pairs.items():
        if "attn_q" in name:  # back to the order of transformers
            heads = pair.b.reshape(HEADS, -1, 2, pair.b.shape[1])
            pairs[name] = replace(pair, b=heads.swapaxes(1, 2).reshape(pair.b.shape))
    found = check(merged(talking, LoraAdapter(lora.alpha, pairs), tmp_path / "m.gguf"), "f32")
    assert "gap" in found.problems and found.worst_base < TOLERANCE < found.worst_adapter
    with pytest.raises(ModelUnfit, match="too far from those of the trained model"):
        require(found)


def test_a_raw_pissa_adapter_is_caught(talking, trained, check, tmp_path: Path) -> None:
    """Its matrices begin as the largest parts of the base, which the base then lacks."""
    lora = read_lora(trained.adapter, talking.folder)
    pairs = dict(lora.pairs)
    name = "blk.0.ffn_up.weight"
    draw = numpy.random.default_rng(0)
    main = draw.standard_normal(pairs[name].b.shape).astype("f4")
    pairs[name] = replace(pairs[name], b=pairs[name].b + main)
    found = check(merged(talking, LoraAdapter(lora.alpha, pairs), tmp_path / "m.gguf"), "f32")
    assert {"gap", "greedy"} <= set(found.problems)
    raw = tmp_path / "raw"
    shutil.copytree(trained.adapter, raw)
    config = json.loads((raw / "adapter_config.json").read_text())
    (raw / "adapter_config.json").write_text(json.dumps(config | {"init_lora_weights": "pissa"}))
    with pytest.raises(ModelUnfit, match="'pissa', which changes the base"):
        read_lora(raw, talking.folder)


def test_an_adapter_whose_rows_are_in_another_order_is_caught(
    talking, trained, check, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    shutil.copytree(trained.adapter, other)
    weights = load_file(other / "adapter_model.safetensors")
    for name in weights:
        if "q_proj.lora_B" in name:
            weights[name] = weights[name][::-1].copy()
    save_file(weights, other / "adapter_model.safetensors")
    lora = write_lora_gguf(other, talking.folder, tmp_path / "other.gguf")
    assert "gap" in check(ExportedFiles(talking.gguf, lora), "lora-f32").problems


@pytest.mark.parametrize(
    ("drop", "other", "problem"),
    [
        ("tokenizer.chat_template", {}, "prompts"),
        ("", {"chat_template": TEMPLATE.replace("assistant", "bot")}, "prompts"),
        ("tokenizer.ggml.eos_token_id", {}, "end token"),
        ("", {"pre": "gpt-2"}, "tokens"),
    ],
)
def test_what_is_wrong_around_the_weights_is_caught(
    talking, trained, check, tmp_path: Path, drop: str, other: dict[str, str], problem: str
) -> None:
    lora = read_lora(trained.adapter, talking.folder)
    exported = merged(talking, lora, tmp_path / "merged.gguf")
    found = check(ExportedFiles(with_keys(exported.gguf, drop, **other)), "f32")
    assert problem in found.problems, found
    assert not {"gap", "greedy", "bits"} & set(found.problems)
    with pytest.raises(ModelUnfit):
        require(found)


def test_bits_that_are_lost_can_be_accepted_and_nothing_else(
    talking: BaseModel, trained, check, tmp_path: Path
) -> None:
    lora = read_lora(trained.adapter, talking.folder)
    found = check(merged(talking, lora, tmp_path / "m.gguf", "q8_0"), "q8_0")
    assert not found.problems and found.gap_bound == 0 and found.worst_adapter > TOLERANCE
    lossy = replace(found, bits_exported=found.bits_trained * 1.02, problems=())
    refused = judged(lossy, talking, "q4_0")
    assert refused.problems == ("bits",) and not refused.passes
    with pytest.raises(ModelUnfit, match="more bits for a byte") as refusal:
        require(refused)
    assert "a reason" in refusal.value.hint
    accepted = judged(lossy, talking, "q4_0", "only a try")
    require(accepted)
    assert accepted.passes and "accepted: only a try" in verdict_of(accepted)
    wrong = judged(replace(lossy, prompts_differing=1), talking, "q4_0", "only a try")
    assert not wrong.passes and wrong.reason == ""
