"""Benchmark how a base completes, beside the bare engine."""

import contextlib
import statistics
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from gardener_core.answers.requests import CompleteRequest
from gardener_core.engine.client import Engine
from gardener_core.errors import EngineLost
from gardener_core.events.answer import Completed
from gardener_core.models.llama.client import Llama
from gardener_core.models.model import BaseModel
from gardener_core.system.hardware import resident_bytes, usable_cores
from gardener_core.system.places import Places
from gardener_core.upkeep.bench_project import Result

PAIRS = 10
WRITTEN_TOKENS = 32
PROMPT_CHARACTERS = 1000
CONTEXT = 2048
MEGABYTE = 1_000_000
# Open text has no scope that ends early, so every answer is equally long.
_OPENING = 'NOTES_{number} = """Notes of {number}.\n\n'


@dataclass(frozen=True, slots=True)
class TimedAnswer:
    """What one completion took."""

    first: float
    tokens: int
    seconds: float

    @property
    def written_a_second(self) -> float:
        """Tokens a second after the first one."""
        return (self.tokens - 1) / max(self.seconds - self.first, 1e-6)


def bench_chat(engine: Engine, places: Places, base: BaseModel) -> Iterator[Result]:
    """Load, memory, reading, writing and the first token; ours and llama.cpp alone, in turn."""
    prompts = made_prompts()
    request = CompleteRequest("", base.name, "", "", WRITTEN_TOKENS, context=CONTEXT)
    request = replace(request, engine="llama.cpp")
    cold = ask(engine, replace(request, prefix=prompts[-1]))
    with contextlib.ExitStack() as stack:
        began = time.perf_counter()
        bare = stack.enter_context(
            Llama(base.gguf, [], places.bench_log, threads=usable_cores(), context=CONTEXT)
        )
        load = time.perf_counter() - began
        ours, alone, read = [], [], []
        for prompt in prompts[:PAIRS]:
            ours.append(ask(engine, replace(request, prefix=prompt)))
            alone.append(_ask_bare(bare, prompt))
            read.append(bare.timing.read / max(bare.timing.read_seconds, 1e-6))
        memory = resident_bytes(process=bare.process_id)
    kept = [
        ask(engine, replace(request, prefix=prompts[PAIRS - 1] + f"{number}: ")).first
        for number in range(PAIRS)
    ]
    yield result("load", [load], "s")
    if memory:
        yield result("memory", [memory / MEGABYTE], "MB")
    yield result("reading", read, "tokens/s")
    yield result("writing", [answer.written_a_second for answer in ours], "tokens/s")
    yield result("writing, bare llama.cpp", [a.written_a_second for a in alone], "tokens/s")
    yield result("first token, nothing loaded", [cold.first], "s")
    yield result("first token", [answer.first for answer in ours], "s")
    yield result("first token, bare llama.cpp", [answer.first for answer in alone], "s")
    yield result("first token, kept prefix", kept, "s")
    if base.has_folder:
        yield from _bench_transformers(engine, request, prompts)


def _bench_transformers(
    engine: Engine, request: CompleteRequest, prompts: Sequence[str]
) -> Iterator[Result]:
    answers = [
        ask(engine, replace(request, prefix=prompt, engine="transformers"))
        for prompt in prompts[: PAIRS // 2 + 1]
    ][1:]
    yield result("first token, transformers", [answer.first for answer in answers], "s")
    rates = [answer.written_a_second for answer in answers]
    yield result("writing, transformers", rates, "tokens/s")


def ask(engine: Engine, request: CompleteRequest) -> TimedAnswer:
    """Let a base complete, and take the times."""
    for event in engine.answer(request):
        if isinstance(event, Completed):
            return TimedAnswer(event.seconds_to_first_token, event.tokens, event.seconds)
    raise EngineLost("The answer ended without a result.", hint="Try again.")


def _ask_bare(bare: Llama, prompt: str) -> TimedAnswer:
    began, first, tokens = time.perf_counter(), 0.0, 0
    for piece in bare.stream(bare.tokenize(prompt), [], WRITTEN_TOKENS):
        first = first or time.perf_counter() - began
        tokens += piece.tokens
    return TimedAnswer(first, tokens, time.perf_counter() - began)


def made_prompts() -> list[str]:
    """Prompts that begin differently, so that nothing of one is kept for another."""
    text = Path(__file__).read_text("utf-8").replace('"""', "'''")[:PROMPT_CHARACTERS]
    return [_OPENING.format(number=number) + text for number in range(PAIRS + 1)]


def result(name: str, values: Sequence[float], unit: str) -> Result:
    """The median of some values, with the least and the greatest."""
    rounded = [round(value, 4) for value in values]
    middle = round(statistics.median(values), 4)
    return Result(name, middle, unit, len(values), min(rounded), max(rounded))
