"""Grow the small base model."""

import hashlib
import json
import time
from collections.abc import Generator, Iterable, Iterator
from pathlib import Path

import torch
from torch.nn import functional
from transformers import LlamaConfig, LlamaForCausalLM

from gardener_core.atomic import bytes_under, staging, swap_folder, write_whole
from gardener_core.events import Event, Grown, Noted, Planned, StepDone
from gardener_core.keeping.manifest import write_manifest
from gardener_core.models.bits import text_bits
from gardener_core.models.precision import has_bf16, mixed_precision
from gardener_core.models.schedule import rate_share
from gardener_core.models.store import WEIGHTS
from gardener_core.nursery.bed import ROW_TOKENS, Bed, prepare
from gardener_core.nursery.card import describe
from gardener_core.nursery.food import FoodFile
from gardener_core.nursery.muon import Muon
from gardener_core.nursery.tokenizer import END_ID, PADDING_ID, VOCABULARY, as_transformers

ROWS_A_STEP = 8
WARM_UP_STEPS = 20
DECAY_SHARE = 0.3
MATRIX_RATE = 0.02
REST_RATE = 3e-3
SEED = 1


def grow(
    run: str, food: Iterable[FoodFile], folder: Path, steps: int, threads: int
) -> Generator[Event, str | None, None]:
    """Grow a base model from food and put it into `folder`, whole.

    It takes about a minute and keeps no checkpoints: one that was stopped begins anew.
    """
    began = time.monotonic()
    torch.manual_seed(SEED)
    torch.set_num_threads(threads)
    bed = prepare(food, rows_wanted=steps * ROWS_A_STEP)
    yield Noted(f"{folder.name} grows from {len(bed.eaten)} installed source files.")
    tokens = steps * ROWS_A_STEP * ROW_TOKENS
    yield Planned(run, "grow", folder.name, steps, tokens, len(bed.eaten), len(bed.held_out))
    model = LlamaForCausalLM(_shape())
    for step, loss in enumerate(_nourish(model, bed.rows, steps), start=1):
        yield StepDone(run, "grow", step, steps, loss)
    seconds = time.monotonic() - began
    _put_in_place(model, bed, folder, steps, seconds)
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


def _nourish(model: LlamaForCausalLM, rows: torch.Tensor, steps: int) -> Iterator[float]:
    """Train the model; yields the loss of each step."""
    named = dict(model.named_parameters())
    matrices = [weight for name, weight in named.items() if weight.dim() == 2 and "emb" not in name]
    rest = [weight for name, weight in named.items() if weight.dim() != 2 or "emb" in name]
    muon = Muon(matrices)
    adam = torch.optim.AdamW(rest, lr=REST_RATE, betas=(0.9, 0.95), weight_decay=0.0)
    order = torch.randperm(len(rows), generator=torch.Generator().manual_seed(SEED))
    model.train()
    for step in range(steps):
        picked = torch.arange(step * ROWS_A_STEP, (step + 1) * ROWS_A_STEP) % len(rows)
        loss = _loss(model, rows[order[picked]].long())
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        share = rate_share(step, steps, WARM_UP_STEPS, DECAY_SHARE)
        for group in adam.param_groups:
            group["lr"] = REST_RATE * share
        muon.step(MATRIX_RATE * share)
        adam.step()
        model.zero_grad(set_to_none=True)
        yield loss.item()


def _loss(model: LlamaForCausalLM, rows: torch.Tensor) -> torch.Tensor:
    with mixed_precision():
        logits = model(input_ids=rows[:, :-1], use_cache=False).logits
    return functional.cross_entropy(logits.float().flatten(0, 1), rows[:, 1:].flatten())


def _put_in_place(
    model: LlamaForCausalLM, bed: Bed, folder: Path, steps: int, seconds: float
) -> None:
    new = staging(folder)
    model.eval().to(torch.bfloat16)
    model.save_pretrained(new)
    as_transformers(bed.tokenizer).save_pretrained(new)
    digest = hashlib.sha256((new / WEIGHTS).read_bytes()).hexdigest()
    write_whole(new / "sha256", f"{digest}\n".encode())
    model.float()  # measured in f32 with the weights as they were written
    card = describe(
        eaten=[meal.file for meal in bed.eaten],
        held_out=[meal.file for meal in bed.held_out],
        measured={
            "parameters": model.num_parameters(),
            "steps": steps,
            "tokens": steps * ROWS_A_STEP * ROW_TOKENS,
            "distinct_tokens": min(len(bed.rows), steps * ROWS_A_STEP) * ROW_TOKENS,
            "bits_per_byte": _bits_per_byte(model, bed),
            "bf16": has_bf16(),
            "seconds": round(seconds, 1),
        },
    )
    write_whole(new / "card.json", json.dumps(card, indent=1).encode())
    write_manifest(new)
    swap_folder(new, folder)


def _bits_per_byte(model: LlamaForCausalLM, bed: Bed) -> float:
    texts = [meal.text for meal in bed.held_out]
    bits = sum(text_bits(model, bed.tokenizer.encode(text).ids, ROW_TOKENS) for text in texts)
    return round(bits / sum(len(text.encode()) for text in texts), 4)
