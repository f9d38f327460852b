"""An adapter is merged as PEFT merges it, and every other byte of the base stays."""

from pathlib import Path

import gguf
import numpy
import pytest
import torch
from peft import LoraConfig, PeftModel, get_peft_model
from support.shared import made_once
from support.tiny_bases import FAMILIES, save_adapter, save_base
from transformers import AutoModelForCausalLM

import gardener_core
from gardener_core.errors import ModelUnfit
from gardener_core.export.lora import LoraAdapter, LoraPair, read_lora
from gardener_core.export.lora_gguf import write_lora_gguf
from gardener_core.export.merging import merge_gguf
from gardener_core.models.gguf.header import read_gguf_facts
from gardener_core.models.gguf.planning import plan_tensors
from gardener_core.models.gguf.quants import QUANTS, ROUNDED, Quant, bits_a_number, quant_named
from gardener_core.models.gguf.tensors import read_tensor
from gardener_core.models.gguf.write import ensure_base_gguf, write_base_gguf
from gardener_core.models.model import BaseModel

QUICK = ("llama-tied", "gpt2")
ALL = [pytest.param(one, marks=() if one in QUICK else pytest.mark.long) for one in FAMILIES]
EVENTS = Path(gardener_core.__file__).parent / "events"


@pytest.fixture(scope="session", params=ALL)
def base(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> BaseModel:
    family: str = request.param
    return made_once(tmp_path_factory, f"merged-{family}", lambda home: made(home, family))


@pytest.fixture
def tiny(tmp_path_factory: pytest.TempPathFactory) -> BaseModel:
    return made_once(tmp_path_factory, "merged-llama-tied", lambda home: made(home, "llama-tied"))


def made(home: Path, family: str) -> BaseModel:
    text = "\n".join(path.read_text() for path in sorted(EVENTS.glob("*.py")))
    model = save_base(home / family, family, text)
    ensure_base_gguf(model)
    save_adapter(model, home / "adapter")
    return model


def adapter_of(base: BaseModel) -> Path:
    return base.folder.parent / "adapter"


def merge(base: BaseModel, quant: Quant, path: Path, adapter: Path | None = None) -> Path:
    lora = read_lora(adapter, base.folder) if adapter else None
    done = list(merge_gguf(base.gguf, path, quant, lora))
    assert done[-1][0] == done[-1][1] == len(read_gguf_facts(base.gguf).tensors)
    return path


def tensors(path: Path) -> dict[str, numpy.ndarray]:
    facts = read_gguf_facts(path)
    return {name: read_tensor(path, facts, name) for name in facts.tensors}


def merged_by_peft(base: BaseModel, adapter: Path, folder: Path) -> Path:
    plain = AutoModelForCausalLM.from_pretrained(base.folder, dtype=torch.float32)
    merged = PeftModel.from_pretrained(plain, str(adapter)).merge_and_unload()
    merged.save_pretrained(folder)
    for name in ("tokenizer.json", "chat_template.jinja"):
        if (base.folder / name).exists():
            (folder / name).write_bytes((base.folder / name).read_bytes())
    write_base_gguf(folder, base.name, folder / "peft.gguf")
    return folder / "peft.gguf"


def test_it_is_what_peft_merges(base: BaseModel, tmp_path: Path) -> None:
    path = merge(base, "f32", tmp_path / "merged.gguf", adapter_of(base))
    ours, theirs = tensors(path), tensors(merged_by_peft(base, adapter_of(base), tmp_path / "peft"))
    assert ours.keys() == theirs.keys()
    for name, tensor in ours.items():
        assert numpy.allclose(tensor, theirs[name], atol=1e-6), name
    before = tensors(base.gguf)
    assert sum(not numpy.array_equal(before[name], ours[name]) for name in ours) > 4


def test_ranks_and_scales_of_layers_are_folded_in(tiny: BaseModel, tmp_path: Path) -> None:
    model = AutoModelForCausalLM.from_pretrained(tiny.folder, dtype=torch.float32)
    patterns = {"rank_pattern": {"q_proj": 2}, "alpha_pattern": {r"1\.mlp\.up_proj": 5}}
    lora = LoraConfig(r=4, lora_alpha=8, target_modules="all-linear", use_rslora=True, **patterns)
    tuned = get_peft_model(model, lora)
    with torch.no_grad():
        for name, weight in tuned.named_parameters():
            if "lora_B" in name:
                weight.copy_(torch.randn_like(weight) * 0.1)
    tuned.save_pretrained(str(tmp_path / "adapter"))
    ours = tensors(merge(tiny, "f32", tmp_path / "merged.gguf", tmp_path / "adapter"))
    theirs = tensors(merged_by_peft(tiny, tmp_path / "adapter", tmp_path / "peft"))
    assert all(numpy.allclose(ours[name], theirs[name], atol=1e-6) for name in ours)
    written = gguf.GGUFReader(write_lora_gguf(tmp_path / "adapter", tiny.folder, tmp_path / "l"))
    halves = {tensor.name: tensor.data for tensor in written.tensors}
    before, alpha = tensors(tiny.gguf), 8
    for name in ("blk.0.attn_q.weight", "blk.1.ffn_up.weight", "blk.0.ffn_up.weight"):
        a, b = halves[f"{name}.lora_a"], halves[f"{name}.lora_b"]
        assert numpy.allclose(before[name] + alpha / len(a) * b @ a, theirs[name], atol=1e-6)


@pytest.mark.parametrize("quant", ROUNDED)
def test_numbers_are_rounded_by_no_more_than_their_format(
    tiny: BaseModel, quant: Quant, tmp_path: Path
) -> None:
    exact = tensors(merge(tiny, "f32", tmp_path / "exact.gguf", adapter_of(tiny)))
    path = merge(tiny, quant, tmp_path / "merged.gguf", adapter_of(tiny))
    rounded, facts = tensors(path), read_gguf_facts(path)
    assert facts.values["general.file_type"] == QUANTS[quant].file_type
    for name, tensor in exact.items():
        kind = facts.tensors[name].kind
        if tensor.ndim == 1:
            assert kind == 0 and numpy.array_equal(tensor, rounded[name])
        else:
            assert kind == (8 if name == "token_embd.weight" else QUANTS[quant].kind), name
            step = numpy.abs(tensor).max() / 2 ** (bits_a_number(kind) // 1 - 2)
            assert numpy.abs(tensor - rounded[name]).max() < step


def test_keys_are_copied_byte_for_byte(tiny: BaseModel, tmp_path: Path) -> None:
    path = merge(tiny, "q4_0", tmp_path / "merged.gguf")
    before, after = read_gguf_facts(tiny.gguf), read_gguf_facts(path)
    whole, new = tiny.gguf.read_bytes(), path.read_bytes()
    for key, (start, end) in before.spans.items():
        at, to = after.spans[key]
        same = whole[start:end] == new[at:to]
        assert same == (key != "general.file_type"), key
    assert after.spans.keys() - before.spans.keys() == {"general.quantization_version"}
    reader = gguf.GGUFReader(path)  # what llama.cpp's own package reads
    assert len(reader.tensors) == len(before.tensors)


def test_what_is_as_small_stays_as_it_is(tiny: BaseModel, tmp_path: Path) -> None:
    small = tmp_path / "small.gguf"
    list(merge_gguf(tiny.gguf, small, "q4_1"))
    rank = numpy.ones((1, 64), numpy.float32), numpy.ones((64, 1), numpy.float32)
    lora = LoraAdapter(1.0, {"blk.0.attn_q.weight": LoraPair("blk.0.attn_q.weight", *rank, 0.5)})
    list(merge_gguf(small, tmp_path / "merged.gguf", "q8_0", lora))
    before, after = read_gguf_facts(small), read_gguf_facts(tmp_path / "merged.gguf")
    kinds = {name: after.tensors[name].kind for name in after.tensors}
    assert kinds.pop("blk.0.attn_q.weight") == QUANTS["q8_0"].kind
    assert kinds == {name: before.tensors[name].kind for name in kinds}
    ours, old = tensors(tmp_path / "merged.gguf"), tensors(small)
    assert numpy.array_equal(ours["blk.1.attn_q.weight"], old["blk.1.attn_q.weight"])
    gap = ours["blk.0.attn_q.weight"] - old["blk.0.attn_q.weight"] - 0.5
    assert numpy.abs(gap).max() < 0.02


def test_the_plan_tells_the_size_of_the_file(tiny: BaseModel, tmp_path: Path) -> None:
    facts = read_gguf_facts(tiny.gguf)
    sizes = [sum(one.bytes for one in plan_tensors(facts, quant)) for quant in QUANTS]
    assert sizes == sorted(sizes, reverse=True)
    for quant in ("f16", "q5_0"):
        path = merge(tiny, quant_named(quant.upper()), tmp_path / quant)
        planned = sum(one.bytes for one in plan_tensors(facts, quant_named(quant)))
        assert 0 <= path.stat().st_size - planned < facts.data_start + 32 * len(facts.tensors)


def test_an_adapter_of_another_shape_is_refused(tiny: BaseModel, tmp_path: Path) -> None:
    for name, width in (("blk.0.attn_q.weight", 32), ("blk.9.attn_q.weight", 64)):
        pair = LoraPair(name, numpy.ones((1, width), "f4"), numpy.ones((64, 1), "f4"), 1.0)
        with pytest.raises(ModelUnfit, match=name):
            list(merge_gguf(tiny.gguf, tmp_path / "new", "f32", LoraAdapter(1.0, {name: pair})))
    assert not list(tmp_path.iterdir())


def test_a_base_that_is_cut_off_is_told(tiny: BaseModel, tmp_path: Path) -> None:
    cut = tmp_path / "cut.gguf"
    cut.write_bytes(tiny.gguf.read_bytes()[:-100])
    with pytest.raises(ModelUnfit):
        list(merge_gguf(cut, tmp_path / "new", "f32"))
