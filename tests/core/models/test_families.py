"""A base of each family is trained, written as GGUF, and made from one."""

from functools import cache
from pathlib import Path

import pytest
import torch
from peft import PeftModel
from safetensors.torch import load_file
from support.draining import result_of
from support.shared import made_once
from support.tiny_bases import FAMILIES, save_adapter, save_base
from transformers import AutoConfig, AutoModelForCausalLM

import gardener_core
from gardener_core.export.fidelity.bounds import judged, require
from gardener_core.export.fidelity.measuring import ExportedFiles, Trained, measure
from gardener_core.export.lora import read_lora
from gardener_core.export.lora_gguf import write_lora_gguf
from gardener_core.export.merging import merge_gguf
from gardener_core.models.families import read_config
from gardener_core.models.gguf.header import read_gguf_facts
from gardener_core.models.gguf.write import ensure_base_gguf
from gardener_core.models.model import WEIGHTS, BaseModel
from gardener_core.models.probe import PROBE
from gardener_core.models.shape import folder_shape, gguf_shape
from gardener_core.models.store import ModelStore
from gardener_core.models.tokens import TextTokens
from gardener_core.models.torch.bits import text_bits
from gardener_core.models.torch.dequantise import ensure_training_folder
from gardener_core.settings.schema import TrainingSettings
from gardener_core.system.interrupts import Interruptible
from gardener_core.system.places import Places
from gardener_core.training.lora import LoraModel
from gardener_core.training.rows import TrainingRow

EVENTS = Path(gardener_core.__file__).parent / "events"


@cache
def text() -> str:
    return "\n".join(path.read_text() for path in sorted(EVENTS.glob("*.py")))


# The two kinds of rows in files, with and without biases; the others go with the long tests.
QUICK = ("llama-tied", "qwen2")
PARAMETERS = [
    pytest.param(family, marks=() if family in QUICK else pytest.mark.long) for family in FAMILIES
]

SMALL = TrainingSettings(rank=4, alpha=8)


@pytest.fixture(scope="session", params=PARAMETERS)
def base(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> BaseModel:
    family: str = request.param

    def make(home: Path) -> BaseModel:
        made = save_base(home / family, family, text())
        ensure_base_gguf(made)
        return made

    return made_once(tmp_path_factory, f"tiny-{family}", make)


@pytest.mark.parametrize("merged", [False, True])
def test_the_files_answer_as_peft_does(base: BaseModel, merged: bool, tmp_path: Path) -> None:
    adapter = save_adapter(base, tmp_path / "adapter")
    if merged:
        exported = ExportedFiles(tmp_path / "merged.gguf")
        list(merge_gguf(base.gguf, exported.gguf, "f32", read_lora(adapter, base.folder)))
    else:
        lora = write_lora_gguf(adapter, base.folder, tmp_path / "lora.gguf")
        exported = ExportedFiles(base.gguf, lora)
    texts = [text()[start : start + 2000] for start in (0, 5000, 9000)]
    trained = Trained(base, adapter, base.gguf)
    found = result_of(
        measure(trained, exported, texts, tmp_path / "log", 1, Interruptible(), places=40)
    )
    found = judged(found, base, "f32" if merged else "lora-f32")
    require(found)
    assert found.gap_bound <= (3e-3 if read_config(base.folder).family.rounds_gelu else 1e-4)
    assert found.adapter_effect > 0.4 and found.positions >= 30
    assert abs(found.bits_lost) < 1e-3 and found.bits_trained > 0


def test_the_loss_is_that_of_transformers_and_falls(base: BaseModel) -> None:
    row = TrainingRow.of_text(torch.tensor(TextTokens(base.folder).encode(text())[:97]))
    model = LoraModel(base, SMALL)
    optimiser = torch.optim.AdamW(model.trainable, lr=1e-2)
    first = model.summed_loss(row)
    plain = AutoModelForCausalLM.from_pretrained(base.folder, dtype=torch.float32)
    with torch.no_grad():
        own = plain(input_ids=row.tokens[None], labels=row.tokens[None]).loss.item() * 96
    assert first.item() == pytest.approx(own, rel=0.01)  # trained in bf16 where that is fast
    first.backward()
    lean = LoraModel(base, SMALL, recomputes=True)
    again = lean.summed_loss(row)
    again.backward()
    assert again.item() == pytest.approx(first.item(), rel=1e-6)
    for weight, other in zip(model.trainable, lean.trainable, strict=True):
        assert weight.grad is not None and other.grad is not None
        assert torch.allclose(weight.grad, other.grad, rtol=1e-3, atol=1e-5)
    optimiser.zero_grad()
    for _ in range(8):
        loss = model.summed_loss(row)
        loss.backward()
        optimiser.step()
        optimiser.zero_grad()
    assert model.summed_loss(row).item() < 0.97 * first.item()


def test_pieces_of_a_row_do_not_see_each_other(base: BaseModel) -> None:
    ids = torch.tensor(TextTokens(base.folder).encode(text())[:90])
    first, second = TrainingRow.of_text(ids[:50]), TrainingRow.of_text(ids[50:])
    answer = torch.zeros_like(ids, dtype=torch.bool)
    answer[70:] = True
    together = TrainingRow(
        ids, torch.ones_like(answer), torch.cat([first.positions, second.positions])
    )
    model = LoraModel(base, SMALL)
    with torch.no_grad():
        alone = model.summed_loss(first).item() + model.summed_loss(second).item()
        packed = model.summed_loss(together).item()
        rest = model.summed_loss(TrainingRow(ids, answer, together.positions)).item()
        answer[70:] = False
        answer[:70] = True
        before = model.summed_loss(TrainingRow(ids, answer, together.positions)).item()
    assert together.learned_tokens == 88 and not together.is_one_piece
    assert packed == pytest.approx(alone, rel=2e-3)
    assert rest + before == pytest.approx(packed, rel=2e-3)  # only what is learned counts


def test_bits_are_those_of_transformers(base: BaseModel) -> None:
    ids = TextTokens(base.folder).encode(text())[:60]
    plain = AutoModelForCausalLM.from_pretrained(base.folder, dtype=torch.float32).eval()
    read = torch.tensor([ids])
    with torch.no_grad():
        nats = plain(input_ids=read, labels=read).loss * 59
    bits = torch.tensor(text_bits(plain, ids, 64))
    assert torch.allclose(bits, nats / torch.log(torch.tensor(2.0)), rtol=1e-5)


def test_both_forms_tell_the_same_sizes(base: BaseModel) -> None:
    own, written = folder_shape(base.folder), gguf_shape(read_gguf_facts(base.gguf))
    assert (own.architecture, own.layers, own.width) == (
        written.architecture, written.layers, written.width,
    )  # fmt: skip
    assert (own.inner_width, own.heads, own.key_heads, own.key_width, own.tied) == (
        written.inner_width, written.heads, written.key_heads, written.key_width, written.tied,
    )  # fmt: skip


def test_the_folder_made_from_a_gguf_has_its_weights(base: BaseModel, tmp_path: Path) -> None:
    store = ModelStore(Places(config=tmp_path / "config", data=tmp_path / "data"))
    added = store.register(base.gguf, "added")
    assert added.trainable == (base.architecture != "granite")
    if not added.trainable:
        return
    folder = ensure_training_folder(added)
    assert added.has_folder
    written, read = load_file(folder / WEIGHTS), weights_that_transformers_reads(base, folder)
    assert written.keys() == load_file(base.folder / WEIGHTS).keys()
    for name, tensor in written.items():
        assert tensor.dtype == torch.bfloat16 and torch.equal(tensor, read[name]), name
    for said in (text(), PROBE):
        assert TextTokens(folder).encode(said) == TextTokens(base.folder).encode(said)
    made = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()
    original = (
        AutoModelForCausalLM.from_pretrained(base.folder, dtype=torch.bfloat16).float().eval()
    )
    read = torch.tensor([TextTokens(folder).encode(text())[:64]])
    with torch.no_grad():
        gap = (made(input_ids=read).logits - original(input_ids=read).logits).abs().max().item()
    assert gap < 1e-3


def weights_that_transformers_reads(base: BaseModel, folder: Path) -> dict[str, torch.Tensor]:
    """The weights of a GGUF file, read by the slow way of transformers alone."""
    model = AutoModelForCausalLM.from_pretrained(
        base.gguf.parent,
        gguf_file=base.gguf.name,
        config=AutoConfig.from_pretrained(folder),
        dtype=torch.bfloat16,
        local_files_only=True,
    )
    weights: dict[str, torch.Tensor] = model.state_dict()
    return weights


def test_an_adapter_in_the_layers_changes_what_is_scored(base: BaseModel, tmp_path: Path) -> None:
    plain = AutoModelForCausalLM.from_pretrained(base.folder, dtype=torch.float32).eval()
    ids = list(range(3, 63))  # what a text is encoded to depends on our own code, which changes
    before = text_bits(plain, ids, 64)
    PeftModel.from_pretrained(plain, str(save_adapter(base, tmp_path / "adapter")))
    assert abs(text_bits(plain, ids, 64) - before) > 0.1
