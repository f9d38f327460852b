"""A base whose adapters are switched on and off."""

import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Literal

import torch
from peft import PeftModel
from torch.nn import functional
from transformers import DynamicCache

from gardener_core.models.torch.bits import HEAD_TOKENS, windows
from gardener_core.models.torch.generation import end_ids
from gardener_core.models.torch.head import OutputHead
from gardener_core.models.torch.loading import decoder_of, load_base
from gardener_core.models.torch.precision import mixed_precision, training_dtype
from gardener_core.system.interrupts import Interruptible

Weights = Literal["base", "adapter", "control"]
# A name that PEFT gives to the base without any adapter in a batch of several.
_OF_PEFT = {"base": "__base__", "adapter": "adapter", "control": "control"}


class ArmsModel:
    """One base in memory, with the adapter that is measured and the control beside it."""

    def __init__(
        self, folder: Path, adapter: Path, control: Path | None, interruptible: Interruptible
    ) -> None:
        self._base = load_base(folder, training_dtype())
        self._model: PeftModel = PeftModel.from_pretrained(self._base, str(adapter), "adapter")
        if control is not None:
            self._model.load_adapter(str(control), "control")
        self._model.eval()
        self.has_control = control is not None
        self._interruptible = interruptible
        self._head = OutputHead.of(self._base)
        self.ends = end_ids(self._base)

    def now(self) -> float:
        """Seconds on a clock that stops while the run is paused."""
        return self._interruptible.now()

    def token_bits(
        self, weights: Weights, ids: Sequence[int], length: int, context: Sequence[int] = ()
    ) -> list[float]:
        """The bits of every token of a text but the first, each window read behind the context."""
        bits: list[float] = []
        with self._with(weights):
            for window in windows(len(ids), length):
                with self._interruptible, mixed_precision():
                    read = [*context, *ids[window.start : window.end]]
                    first = len(context) + window.first_scored - window.start
                    bits += self._bits(read, first)
        return bits

    @torch.no_grad()
    def continuations(
        self,
        arms: Sequence[Weights],
        prompt: Sequence[int],
        most: int,
        is_over: Callable[[list[int]], bool],
    ) -> list[list[int]]:
        """The likeliest tokens behind one prompt, of several arms in one batch."""
        written: list[list[int]] = [[] for _ in arms]
        going = set(range(len(arms)))
        names = [_OF_PEFT[arm] for arm in arms]
        with self._interruptible:
            cache = DynamicCache(config=self._base.config)
            given = torch.tensor([list(prompt)] * len(arms))
            for logits in self._steps(given, names, cache, most):
                for row in list(going):
                    written[row].append(int(logits[row].argmax()))
                    if is_over(written[row]):
                        going.discard(row)
                if not going:
                    break
                given.resize_(len(arms), 1)
                for row, ids in enumerate(written):
                    given[row, 0] = ids[-1]
        return written

    def _steps(
        self, given: torch.Tensor, names: list[str], cache: DynamicCache, most: int
    ) -> Iterator[torch.Tensor]:
        """The logits behind what is given, again and again; `given` is filled in between."""
        for step in range(most):
            with mixed_precision(step == 0):  # of one token it costs more than it saves
                output = self._model(
                    input_ids=given,
                    past_key_values=cache,
                    use_cache=True,
                    logits_to_keep=1,
                    adapter_names=names,
                )
            yield output.logits[:, -1].float()

    @torch.no_grad()
    def _bits(self, read: Sequence[int], first: int) -> list[float]:
        """The bits of the tokens from `first` on."""
        ids = torch.tensor([list(read)])
        hidden = decoder_of(self._base)(input_ids=ids, use_cache=False).last_hidden_state[0]
        hidden, expected = hidden[first - 1 : -1], ids[0, first:]
        bits: list[float] = []
        for start in range(0, len(expected), HEAD_TOKENS):
            part = slice(start, start + HEAD_TOKENS)
            nats = functional.cross_entropy(
                self._head.logits(hidden[part]), expected[part], reduction="none"
            )
            bits += (nats / math.log(2)).tolist()
        return bits

    def _with(self, weights: Weights) -> AbstractContextManager[None]:
        if weights == "base":
            disabled: AbstractContextManager[None] = self._model.disable_adapter()
            return disabled
        self._model.set_adapter(weights)
        return nullcontext()
