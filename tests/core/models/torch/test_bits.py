"""Every token is scored once, and bits are those of the definition."""

import math

import pytest
import torch
from transformers import LlamaConfig, LlamaForCausalLM

from gardener_core.models.torch.bits import text_bits, windows


@pytest.fixture(scope="module")
def tiny() -> LlamaForCausalLM:
    torch.manual_seed(0)
    shape = LlamaConfig(
        vocab_size=50,
        hidden_size=16,
        intermediate_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        num_key_value_heads=1,
        max_position_embeddings=64,
        initializer_range=0.5,
    )
    return LlamaForCausalLM(shape).eval()


@pytest.mark.parametrize("tokens", [0, 1, 2, 15, 16, 17, 28, 29, 100])
def test_every_token_but_the_first_is_scored_once(tokens: int) -> None:
    scored = [
        place for window in windows(tokens, 16) for place in range(window.first_scored, window.end)
    ]
    assert scored == list(range(1, tokens))


def test_windows_overlap_by_a_quarter() -> None:
    cut = [(window.start, window.end) for window in windows(40, 16)]
    assert cut == [(0, 16), (12, 28), (24, 40)]


@pytest.mark.parametrize("tokens", [1, 2, 16, 17, 50])
def test_bits_are_those_of_the_definition(tiny: LlamaForCausalLM, tokens: int) -> None:
    draw = torch.Generator().manual_seed(tokens)
    ids = torch.randint(0, 50, (tokens,), generator=draw).tolist()
    assert text_bits(tiny, ids, 16) == pytest.approx(naive_bits(tiny, ids, 16), rel=1e-5)


@torch.no_grad()
def naive_bits(model: LlamaForCausalLM, ids: list[int], length: int) -> float:
    """One forward pass a token, straight from the sentence that defines the measure."""
    stride = length * 3 // 4
    bits = 0.0
    for place in range(1, len(ids)):
        holding = [start for start in range(0, len(ids), stride) if start < place < start + length]
        context = ids[min(holding) : place]
        logits = model(torch.tensor([context])).logits[0, -1]
        bits -= logits.log_softmax(-1)[ids[place]].item() / math.log(2)
    return bits
