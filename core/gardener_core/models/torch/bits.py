"""Count the bits that a model needs for a text."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch
from torch.nn import functional
from transformers import PreTrainedModel

from gardener_core.models.torch.head import OutputHead
from gardener_core.models.torch.loading import decoder_of
from gardener_core.models.torch.precision import mixed_precision
from gardener_core.system.interrupts import Interruptible

# Tokens through the output head at once: with a wide vocabulary 512 take a second.
HEAD_TOKENS = 128


@dataclass(frozen=True, slots=True)
class Window:
    """Tokens `start` to `end` are read; those from `first_scored` on are scored."""

    start: int
    end: int
    first_scored: int

    @property
    def scored(self) -> int:
        """How many tokens this window scores."""
        return self.end - self.first_scored


def windows(tokens: int, length: int) -> Iterator[Window]:
    """Cut so many tokens into windows that overlap by a quarter.

    Every token but the first is scored once, in the earliest window that holds it, where it has
    the longest context.
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


def text_bits(model: PreTrainedModel, ids: Sequence[int], length: int) -> float:
    """Bits for all tokens of one text, its first one excepted."""
    return sum(bits for _, bits in window_bits(model, ids, length, Interruptible()))


def window_bits(
    model: PreTrainedModel,
    ids: Sequence[int],
    length: int,
    interruptible: Interruptible,
    mixed: bool = False,
) -> Iterator[tuple[int, float]]:
    """The same by window: the number of scored tokens, and their bits."""
    for window in windows(len(ids), length):
        with interruptible, mixed_precision(mixed, model.device.type):
            bits = _bits(model, ids, window)
        yield window.scored, bits


@torch.no_grad()
def _bits(model: PreTrainedModel, ids: Sequence[int], window: Window) -> float:
    read = torch.tensor([ids[window.start : window.end]], device=model.device)
    context = window.first_scored - 1 - window.start
    body = decoder_of(model)
    hidden = body(input_ids=read, use_cache=False).last_hidden_state[0, context:-1]
    expected = read[0, context + 1 :]
    head = OutputHead.of(model)
    nats = 0.0
    for start in range(0, len(expected), HEAD_TOKENS):
        part = slice(start, start + HEAD_TOKENS)
        logits = head.logits(hidden[part])
        nats += functional.cross_entropy(logits, expected[part], reduction="sum").item()
    return nats / math.log(2)
