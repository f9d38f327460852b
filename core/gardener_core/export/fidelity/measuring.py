"""Measure how exported files answer beside PEFT."""

from collections.abc import Generator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path

import torch
from peft import PeftModel
from torch import Tensor

from gardener_core.errors import ModelUnfit
from gardener_core.events.parts import Fidelity
from gardener_core.events.run import PhaseAdvanced
from gardener_core.export.fidelity.answers import Bits, ComparedModel, widest_gap
from gardener_core.export.fidelity.passages import LONGEST_TOKENS, Passage, passages_of
from gardener_core.export.fidelity.prompts import differing_prompts, differing_texts, missing_ends
from gardener_core.models.llama.client import Llama
from gardener_core.models.model import BaseModel
from gardener_core.models.tokens import TextTokens
from gardener_core.models.torch.loading import load_adapter, load_base
from gardener_core.system.hardware import resident_bytes
from gardener_core.system.interrupts import Interruptible

PLACES = 160
WRITTEN = 24  # tokens, to see how fast it writes


@dataclass(frozen=True, slots=True)
class ExportedFiles:
    """The files: a merged model, or the base's GGUF and an adapter beside it."""

    gguf: Path
    lora: Path | None = None


@dataclass(frozen=True, slots=True)
class Trained:
    """The base and the adapter as they were trained, and the GGUF that the base is served from."""

    base: BaseModel
    adapter: Path
    base_gguf: Path


@dataclass(slots=True)
class _Sums:
    """What was found so far."""

    worst_base: float = 0.0
    worst_adapter: float = 0.0
    effect: float = 0.0
    compared: int = 0
    equal: int = 0
    files: set[int] = field(default_factory=set)
    bits: Bits = field(default_factory=Bits)


def measure(
    trained: Trained,
    exported: ExportedFiles,
    texts: Sequence[str],
    log: Path,
    threads: int,
    interruptible: Interruptible,
    places: int = PLACES,
    base_places: int = PLACES,
) -> Generator[PhaseAdvanced, str | None, Fidelity]:
    """Compare both on the same tokens of these texts, and the base alone at some of them."""
    torch.set_num_threads(threads)
    yield PhaseAdvanced("loading")
    folder = trained.base.folder
    with interruptible:
        passages = passages_of(texts, TextTokens(folder), places)
        peft = load_adapter(load_base(folder), trained.adapter)
    sums, done, whole = _Sums(), 0, sum(len(one.ids) - one.first for one in passages)
    with ExitStack() as stack:
        with interruptible:
            base, served = _open(stack, trained, exported, log, threads)
        for passage in passages:
            with interruptible:
                off, on = _logprobs(peft, passage)
            for at in range(passage.first, len(passage.ids)):
                yield PhaseAdvanced("comparing", done, whole, "places")
                place = at - passage.first
                with interruptible:
                    _compare(passage, at, served, off[place], on[place], sums)
                    if place < base_places // len(passages):
                        _compare_base(passage, at, base, off[place], sums)
                done += 1
        yield PhaseAdvanced("comparing", whole, whole, "places")
        with interruptible:
            token_texts = differing_texts(folder, served.llama, texts)
            prompts = differing_prompts(folder, served.llama)
            ends = missing_ends(folder, served.llama)
            memory = resident_bytes(process=served.llama.process_id)
            speed = _tokens_a_second(served, passages[-1].ids)
    if not sums.compared:
        raise ModelUnfit("llama.cpp compared no place of these texts.", hint="Add source files.")
    size = sum(path.stat().st_size for path in (exported.gguf, exported.lora) if path)
    found = _fidelity(sums, token_texts, prompts, ends)
    return replace(found, bytes=size, memory_bytes=memory, tokens_a_second=round(speed, 2))


def _tokens_a_second(served: ComparedModel, prompt: Sequence[int]) -> float:
    for _ in served.llama.stream(prompt, served.scales, WRITTEN):
        pass
    timing = served.llama.timing
    return timing.written / timing.written_seconds if timing.written_seconds else 0.0


def _open(
    stack: ExitStack, trained: Trained, exported: ExportedFiles, log: Path, threads: int
) -> tuple[ComparedModel, ComparedModel]:
    """The base alone, and the exported files; one process where an adapter is beside the base."""
    context = min(trained.base.context, 2 * LONGEST_TOKENS)

    def opened(gguf: Path, loras: Sequence[Path], log: Path) -> Llama:
        return stack.enter_context(
            Llama(gguf, loras, log, threads=threads, context=context, exact=True)
        )

    if exported.lora is not None:
        llama = opened(exported.gguf, [exported.lora], log)
        return ComparedModel(llama, [0.0]), ComparedModel(llama, [1.0])
    own = log.with_name(f"base-{log.name}")
    return ComparedModel(opened(trained.base_gguf, [], own)), ComparedModel(
        opened(exported.gguf, [], log)
    )


def _compare(
    passage: Passage, at: int, served: ComparedModel, off: Tensor, on: Tensor, sums: _Sums
) -> None:
    prompt, expected = passage.ids[:at], passage.ids[at]
    sums.effect = max(sums.effect, (on - off).abs().max().item())
    likeliest = served.likeliest(prompt)
    if not likeliest:
        return
    sums.compared += 1
    sums.worst_adapter = max(sums.worst_adapter, widest_gap(likeliest, on))
    sums.equal += likeliest[0].id == int(on.argmax())
    logprob = served.logprob(prompt, expected, likeliest)
    if logprob is not None:
        sums.files.add(passage.text)
        sums.bits.add(off[expected].item(), on[expected].item(), logprob, passage.bytes[at])


def _compare_base(passage: Passage, at: int, base: ComparedModel, off: Tensor, sums: _Sums) -> None:
    if likeliest := base.likeliest(passage.ids[:at]):
        sums.worst_base = max(sums.worst_base, widest_gap(likeliest, off))


@torch.no_grad()
def _logprobs(peft: PeftModel, passage: Passage) -> tuple[Tensor, Tensor]:
    """Log-probabilities at each place of a passage, without and with the adapter."""
    read, kept = torch.tensor([passage.ids[:-1]]), len(passage.ids) - passage.first
    on = peft(input_ids=read, logits_to_keep=kept).logits[0].float().log_softmax(-1)
    with peft.disable_adapter():
        off = peft(input_ids=read, logits_to_keep=kept).logits[0].float().log_softmax(-1)
    return off, on


def _fidelity(
    sums: _Sums, token_texts: tuple[int, int], prompts: tuple[int, int], ends: tuple[int, int]
) -> Fidelity:
    bits, size = sums.bits, max(1, sums.bits.bytes)
    low, high = bits.lost()
    return Fidelity(
        positions=sums.compared,
        worst_base=sums.worst_base,
        worst_adapter=sums.worst_adapter,
        adapter_effect=sums.effect,
        token_texts=token_texts[0],
        token_texts_differing=token_texts[1],
        greedy_equal=sums.equal,
        prompts=prompts[0],
        prompts_differing=prompts[1],
        end_tokens=ends[0],
        end_tokens_missing=ends[1],
        scored_files=len(sums.files),
        scored_tokens=len(bits.differences),
        bits_base=bits.base / size,
        bits_trained=bits.trained / size,
        bits_exported=bits.exported / size,
        bits_low=low,
        bits_high=high,
    )
