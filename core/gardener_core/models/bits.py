"""Count the bits a model needs for a text."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch
from torch.nn import functional
from transformers import PreTrainedModel


@dataclass(frozen=True, slots=True)
class Window:
    """Tokens `start` to `end` are read; those from `first_scored` on are scored."""

    start: int
    end: int
    first_scored: int


def windows(tokens: int, length: int) -> Iterator[Window]:
    """Cut so many tokens into windows that overlap by a quarter.

    Every token but the very first is scored once: in the earliest window that holds it, which is
    where it has the longest context.
    """
    stride = length - length // 4
    scored = 1
    for start in range(0, tokens, stride):
        end = min(start + length, tokens)
        if scored < end:
            yield Window(start, end, scored)
        scored = end
        if end == tokens:
            return


@torch.no_grad()
def text_bits(model: PreTrainedModel, ids: Sequence[int], length: int) -> float:
    """Bits for all tokens of one text, its first one excepted."""
    nats = 0.0
    for window in windows(len(ids), length):
        read = torch.tensor([ids[window.start : window.end]])
        context = window.first_scored - 1 - window.start
        logits = model(input_ids=read, use_cache=False).logits[0, context:-1].float()
        expected = read[0, context + 1 :]
        nats += functional.cross_entropy(logits, expected, reduction="sum").item()
    return nats / math.log(2)
