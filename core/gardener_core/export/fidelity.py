"""Check that exported files answer as PEFT does."""

from collections.abc import Generator, Iterator, Sequence
from pathlib import Path

import torch
from peft import PeftModel
from torch import Tensor

from gardener_core.errors import ModelUnfit
from gardener_core.events.parts import Fidelity
from gardener_core.events.run import PhaseAdvanced
from gardener_core.models.families import read_config
from gardener_core.models.llama.client import Llama
from gardener_core.models.model import BaseModel
from gardener_core.models.serving.served import Candidate
from gardener_core.models.tokens import TextTokens
from gardener_core.models.torch.loading import load_adapter, load_base
from gardener_core.system.interrupts import Interruptible

POSITIONS = 20
TOP = 10
LONGEST_PROMPT_TOKENS = 256
# Of the base's own gap; measured on 40 places of a Q4_1: 0.44 nats without, 0.40 with an adapter.
QUANTISED_FACTOR = 2.0
ROUNDED_TOLERANCE = 5e-3
TOLERANCE = 1e-4  # nats; two orders of summation differ by 3.5e-5


def measure(
    model: BaseModel,
    adapter: Path,
    base_gguf: Path,
    lora_gguf: Path,
    texts: Sequence[str],
    log: Path,
    threads: int,
    interruptible: Interruptible,
) -> Generator[PhaseAdvanced, str | None, Fidelity]:
    """Compare the likeliest tokens at 20 places of these texts, without and with the adapter."""
    torch.set_num_threads(threads)
    yield PhaseAdvanced("loading")
    with interruptible:
        tokens = TextTokens(model.folder)
        peft = load_adapter(load_base(model.folder), adapter)
    context = min(model.context, 2 * LONGEST_PROMPT_TOKENS)
    worst_base = worst_adapter = effect = 0.0
    compared = 0
    with Llama(base_gguf, [lora_gguf], log, threads=threads, context=context, exact=True) as llama:
        for done, prompt in enumerate(_prompts(texts, tokens)):
            yield PhaseAdvanced("comparing", done, POSITIONS, "places")
            with interruptible:
                off, on = _logprobs(peft, prompt)
            top_off, top_on = _top(llama, prompt, 0.0), _top(llama, prompt, 1.0)
            if not top_off or not top_on:
                continue
            compared += 1
            worst_base = max(worst_base, _worst(top_off, off))
            worst_adapter = max(worst_adapter, _worst(top_on, on))
            effect = max(effect, (on - off).abs().max().item())
        differing = sum(tokens.encode(text) != llama.tokenize(text) for text in texts)
    if not compared:
        raise ModelUnfit("llama.cpp compared no place of these texts.", hint="Add source files.")
    return Fidelity(compared, worst_base, worst_adapter, effect, len(texts), differing)


def tolerance_of(base: BaseModel, fidelity: Fidelity) -> float:
    """How far the answers of a base may differ, in nats.

    llama.cpp rounds what it multiplies with quantised weights, so there an adapter is held to the
    gap that its base has without it.
    """
    if base.format == "gguf":
        return max(TOLERANCE, QUANTISED_FACTOR * fidelity.worst_base)
    return ROUNDED_TOLERANCE if read_config(base.folder).family.rounds_gelu else TOLERANCE


def require(fidelity: Fidelity, most: float = TOLERANCE) -> None:
    """Raise where files answer differently."""
    worst = max(fidelity.worst_base, fidelity.worst_adapter)
    if worst >= most or fidelity.token_texts_differing:
        raise ModelUnfit(
            f"The written files do not answer as PEFT does: log-probabilities differ by up to "
            f"{worst:.1e}, tokens in {fidelity.token_texts_differing} of {fidelity.token_texts} "
            f"texts.",
            hint="Export as peft, and please report this.",
        )


def _prompts(texts: Sequence[str], tokens: TextTokens) -> Iterator[list[int]]:
    """Beginnings of the texts in turn, with different lengths."""
    encoded = [ids for ids in (tokens.encode(text) for text in texts) if ids]
    if not encoded:
        raise ModelUnfit("There is no text to compare on.", hint="Add source files first.")
    for position in range(POSITIONS):
        ids = encoded[position % len(encoded)][:LONGEST_PROMPT_TOKENS]
        yield ids[: max(1, len(ids) * (position + 1) // POSITIONS)]


@torch.no_grad()
def _logprobs(peft: PeftModel, prompt: Sequence[int]) -> tuple[Tensor, Tensor]:
    """Log-probabilities of the next token, without and with the adapter."""
    read = torch.tensor([list(prompt)])
    on = peft(input_ids=read, logits_to_keep=1).logits[0, -1].float().log_softmax(-1)
    with peft.disable_adapter():
        off = peft(input_ids=read, logits_to_keep=1).logits[0, -1].float().log_softmax(-1)
    return off, on


def _top(llama: Llama, prompt: Sequence[int], scale: float) -> tuple[Candidate, ...]:
    """The likeliest tokens; none where the next one ends the text or is half a letter."""
    places = llama.complete(prompt, [scale], tokens=1, top=TOP).top
    return places[0] if places else ()


def _worst(candidates: Sequence[Candidate], expected: Tensor) -> float:
    return max(abs(item.logprob - expected[item.id].item()) for item in candidates)
