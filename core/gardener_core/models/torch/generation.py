"""Continue token ids with transformers."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path

import torch
from peft import PeftModel
from transformers import DynamicCache, PreTrainedModel

from gardener_core.models.torch.loading import load_base
from gardener_core.models.torch.precision import device_and_dtype

# A prompt is read in parts, so that a cancel is heard between two of them.
PART_TOKENS = 256
BASE_ALONE = -1


@dataclass(frozen=True, slots=True)
class NewToken:
    """A generated token, and the likeliest ones at its place with their log-probabilities."""

    id: int
    top: tuple[tuple[int, float], ...]


class TorchGenerator:
    """A base with adapters of which one or none is on; it keeps what it read last.

    A prompt that begins like the one before is read from where they differ.
    """

    def __init__(self, folder: Path, adapters: Sequence[Path], *, exact: bool) -> None:
        device, dtype = device_and_dtype(exact)
        self._base = load_base(folder, dtype)
        torch.nn.Module.to(self._base, device)
        self._device = device
        self._model: PreTrainedModel | PeftModel = self._base
        for number, adapter in enumerate(adapters):
            self._add(adapter, str(number))
        self._ends = end_ids(self._base)
        self._adapter = BASE_ALONE
        self._read: list[int] = []  # what the cache holds
        self._cache = DynamicCache(config=self._base.config)
        self.reused = 0
        self.evaluated = 0  # of the last prompt, what was reused too

    @torch.no_grad()
    def tokens(
        self,
        prompt: Sequence[int],
        adapter: int,
        count: int,
        top: int,
        cancelled: Callable[[], bool],
    ) -> Iterator[NewToken]:
        """The likeliest continuation, up to so many tokens or the end of the text.

        The first token comes when the prompt is read.
        """
        with self._with_adapter(adapter):
            logits = self._read_prompt(prompt, adapter, cancelled)
            for _ in range(count):
                if logits is None:
                    return
                token = int(logits.argmax())
                if token in self._ends:
                    return
                yield NewToken(token, _likeliest(logits, top))
                logits = None if cancelled() else self._forward([token])

    def _add(self, adapter: Path, name: str) -> None:
        if isinstance(self._model, PeftModel):
            self._model.load_adapter(str(adapter), name)
        else:
            self._model = PeftModel.from_pretrained(self._base, str(adapter), name)
            self._model.eval()

    def _with_adapter(self, adapter: int) -> AbstractContextManager[None]:
        if not isinstance(self._model, PeftModel):
            return nullcontext()
        if adapter == BASE_ALONE:
            disabled: AbstractContextManager[None] = self._model.disable_adapter()
            return disabled
        self._model.set_adapter(str(adapter))
        return nullcontext()

    def _read_prompt(
        self, prompt: Sequence[int], adapter: int, cancelled: Callable[[], bool]
    ) -> torch.Tensor | None:
        """The logits behind the prompt; None if cancelled before."""
        self._keep_common(prompt, adapter)
        self.reused = len(self._read)
        logits = None
        while len(self._read) < len(prompt):
            if cancelled():
                return None
            begin = len(self._read)
            logits = self._forward(prompt[begin : begin + PART_TOKENS])
        self.evaluated = len(self._read)
        return logits

    def _keep_common(self, prompt: Sequence[int], adapter: int) -> None:
        """Keep of the cache what the prompt begins with; its last token is always read again."""
        common = 0
        if adapter == self._adapter:
            for held, wanted in zip(self._read, prompt[:-1], strict=False):
                if held != wanted:
                    break
                common += 1
        if common and any(getattr(layer, "is_sliding", False) for layer in self._cache.layers):
            common = common if common == len(self._read) else 0  # a window cannot be moved back
        if common < len(self._read) and common:
            self._cache.crop(common - len(self._read))  # a negative number: so many are removed
        elif not common:
            self._cache = DynamicCache(config=self._base.config)
        self._adapter, self._read = adapter, self._read[:common]

    def _forward(self, ids: Sequence[int]) -> torch.Tensor:
        given = torch.tensor([list(ids)], device=self._device)
        output = self._model(
            input_ids=given, past_key_values=self._cache, use_cache=True, logits_to_keep=1
        )
        self._read += ids
        logits: torch.Tensor = output.logits[0, -1]
        return logits


def _likeliest(logits: torch.Tensor, count: int) -> tuple[tuple[int, float], ...]:
    if not count:
        return ()
    best = logits.float().log_softmax(-1).topk(count)
    return tuple(zip(best.indices.tolist(), best.values.tolist(), strict=True))


def end_ids(model: PreTrainedModel) -> frozenset[int]:
    """The ids that end a text, as the model's own configuration names them."""
    named = [model.config.eos_token_id]
    if model.generation_config is not None:
        named.append(model.generation_config.eos_token_id)
    ids: set[int] = set()
    for one in named:
        ids.update([one] if isinstance(one, int) else one or [])
    return frozenset(ids)
