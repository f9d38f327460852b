"""Pretrain the small base model, the seedling."""

import hashlib
import json
from collections.abc import Generator, Iterable, Iterator
from pathlib import Path

import torch
from torch.nn import functional
from transformers import LlamaConfig, LlamaForCausalLM

from gardener_core.events.run import Noted, PhaseAdvanced
from gardener_core.events.train import Grown, Planned, StepDone
from gardener_core.events.union import Event
from gardener_core.models.model import WEIGHTS
from gardener_core.models.torch.bits import window_bits
from gardener_core.models.torch.precision import has_bf16, mixed_precision
from gardener_core.models.torch.schedule import rate_share
from gardener_core.pretraining.card import describe
from gardener_core.pretraining.corpus import SourceDocument
from gardener_core.pretraining.muon import Muon
from gardener_core.pretraining.tokenizer import END_ID, PADDING_ID, VOCABULARY, as_transformers
from gardener_core.pretraining.training_text import ROW_TOKENS, TrainingText, prepare
from gardener_core.store.manifest import write_manifest
from gardener_core.system.files.atomic import bytes_under, staging, swap_folder, write_whole
from gardener_core.system.hardware import resident_bytes
from gardener_core.system.interrupts import Interruptible
from gardener_core.system.pace import Pace

ROWS_A_STEP = 8
WARM_UP_STEPS = 20
DECAY_SHARE = 0.3
MATRIX_RATE = 0.02
REST_RATE = 3e-3
SEED = 1


def grow(
    run: str,
    corpus: Iterable[SourceDocument],
    folder: Path,
    steps: int,
    threads: int,
    interruptible: Interruptible,
) -> Generator[Event, str | None, None]:
    """Grow a base model from a corpus and put it into `folder`, whole.

    It takes about a minute and keeps no checkpoints: a stopped run starts again.
    """
    began = interruptible.now()
    torch.manual_seed(SEED)
    torch.set_num_threads(threads)
    prepared = yield from prepare(corpus, steps * ROWS_A_STEP, interruptible)
    yield Noted(f"{folder.name} grows from {len(prepared.used)} installed source files.")
    tokens = steps * ROWS_A_STEP * ROW_TOKENS
    yield Planned(
        run, "grow", folder.name, steps, tokens, len(prepared.used), len(prepared.held_out)
    )
    yield PhaseAdvanced("growing", 0, steps, "steps")
    model = LlamaForCausalLM(_shape())
    yield from _train(run, model, prepared.rows, steps, interruptible)
    seconds = interruptible.now() - began
    yield from _put_in_place(model, prepared, folder, steps, seconds, interruptible)
    size = bytes_under(folder)
    yield Grown(folder.name, str(folder), size, model.num_parameters(), tokens, seconds)


def _shape() -> LlamaConfig:
    """About a million parameters; heads of 64 because 32 starve the attention."""
    return LlamaConfig(
        vocab_size=VOCABULARY,
        hidden_size=128,
        intermediate_size=352,
        num_hidden_layers=4,
        num_attention_heads=2,
        num_key_value_heads=1,
        head_dim=64,
        max_position_embeddings=2048,
        rope_parameters={"rope_type": "default", "rope_theta": 10_000.0},
        rms_norm_eps=1e-5,
        tie_word_embeddings=True,
        bos_token_id=None,  # 1 otherwise, which is our padding
        eos_token_id=END_ID,
        pad_token_id=PADDING_ID,
    )


def _train(
    run: str, model: LlamaForCausalLM, rows: torch.Tensor, steps: int, interruptible: Interruptible
) -> Iterator[StepDone]:
    """Train the model, step by step."""
    named = dict(model.named_parameters())
    matrices = [weight for name, weight in named.items() if weight.dim() == 2 and "emb" not in name]
    rest = [weight for name, weight in named.items() if weight.dim() != 2 or "emb" in name]
    muon = Muon(matrices)
    adam = torch.optim.AdamW(rest, lr=REST_RATE, betas=(0.9, 0.95), weight_decay=0.0)
    order = torch.randperm(len(rows), generator=torch.Generator().manual_seed(SEED))
    model.train()
    for step in range(steps):
        began = interruptible.now()
        picked = torch.arange(step * ROWS_A_STEP, (step + 1) * ROWS_A_STEP) % len(rows)
        # Nothing of an interrupted run is kept, so it may be interrupted anywhere.
        with interruptible:
            loss = _loss(model, rows[order[picked]].long())
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            share = rate_share(step, steps, WARM_UP_STEPS, DECAY_SHARE)
            for group in adam.param_groups:
                group["lr"] = REST_RATE * share
            muon.step(MATRIX_RATE * share)
            adam.step()
            model.zero_grad(set_to_none=True)
        pace = ROWS_A_STEP * ROW_TOKENS / (interruptible.now() - began)
        rate, memory = MATRIX_RATE * share, resident_bytes()
        yield StepDone(run, "grow", step + 1, steps, loss.item(), rate, pace, memory)


def _loss(model: LlamaForCausalLM, rows: torch.Tensor) -> torch.Tensor:
    with mixed_precision():
        logits = model(input_ids=rows[:, :-1], use_cache=False).logits
    return functional.cross_entropy(logits.float().flatten(0, 1), rows[:, 1:].flatten())


def _put_in_place(
    model: LlamaForCausalLM,
    prepared: TrainingText,
    folder: Path,
    steps: int,
    seconds: float,
    interruptible: Interruptible,
) -> Iterator[PhaseAdvanced]:
    # Measured in f32 with the weights as they are written.
    model.eval().to(torch.bfloat16).float()
    bits_per_byte = yield from _bits_per_byte(model, prepared, interruptible)
    yield PhaseAdvanced("saving")
    new = staging(folder)
    model.eval().to(torch.bfloat16)
    model.save_pretrained(new)
    as_transformers(prepared.tokenizer).save_pretrained(new)
    digest = hashlib.sha256((new / WEIGHTS).read_bytes()).hexdigest()
    write_whole(new / "sha256", f"{digest}\n".encode())
    card = describe(
        used=[document.file for document in prepared.used],
        held_out=[document.file for document in prepared.held_out],
        measured={
            "parameters": model.num_parameters(),
            "steps": steps,
            "tokens": steps * ROWS_A_STEP * ROW_TOKENS,
            "distinct_tokens": min(len(prepared.rows), steps * ROWS_A_STEP) * ROW_TOKENS,
            "bits_per_byte": bits_per_byte,
            "bf16": has_bf16(),
            "seconds": round(seconds, 1),
        },
    )
    write_whole(new / "card.json", json.dumps(card, indent=1).encode())
    write_manifest(new)
    swap_folder(new, folder)


def _bits_per_byte(
    model: LlamaForCausalLM, prepared: TrainingText, interruptible: Interruptible
) -> Generator[PhaseAdvanced, None, float]:
    texts = [document.text for document in prepared.held_out]
    encoded = [prepared.tokenizer.encode(text).ids for text in texts]
    bits, done, pace = 0.0, 0, Pace()
    total = sum(max(0, len(ids) - 1) for ids in encoded)
    yield PhaseAdvanced("scoring base", 0, total, "tokens")
    for ids in encoded:
        for count, part in window_bits(model, ids, ROW_TOKENS, interruptible):
            bits, done = bits + part, done + count
            if pace.is_due():
                yield PhaseAdvanced("scoring base", done, total, "tokens")
    yield PhaseAdvanced("scoring base", total, total, "tokens")
    return round(bits / sum(len(text.encode()) for text in texts), 4)
