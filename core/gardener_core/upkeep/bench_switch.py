"""Benchmark switching between projects."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from gardener_core.answers.requests import CompleteRequest
from gardener_core.engine.client import Engine
from gardener_core.engine.protocol import SearchRequest, SwitchRequest
from gardener_core.errors import AdapterMissing, ModelUnfit, Remedy
from gardener_core.events.index import Retrieved
from gardener_core.events.switch import Switched
from gardener_core.store.garden.adapters import Adapter
from gardener_core.system.hardware import resident_bytes
from gardener_core.upkeep.bench_chat import CONTEXT, MEGABYTE, PAIRS, ask, made_prompts, result
from gardener_core.upkeep.bench_project import Result

PROJECTS, ROUNDS, VISITS = 3, 5, 20


@dataclass(frozen=True, slots=True)
class Visited:
    """The projects that are visited, and how a screen reads what it shows of one."""

    projects: Sequence[str]
    read: Callable[[str], object]


def bench_switch(engine: Engine, adapters: Sequence[Adapter], visited: Visited) -> Iterator[Result]:
    """What a screen reads, until a project can be asked, the first token, and memory.

    `adapters` are those of one base, of several projects or of one.
    """
    if len(adapters) < 2:
        raise AdapterMissing(
            "Two adapters on one base are needed to switch between them.",
            remedy=Remedy("list models"),
        )
    within = [one for one in adapters if one.project == adapters[0].project][:2]
    others = [one for one in adapters if one.project != adapters[0].project][:1]
    for name, pair in (
        ("adapter to adapter", within),
        ("project to project", [*within[:1], *others]),
    ):
        if len(pair) == 2:
            yield result(name, _switched(engine, pair), "s")
    firsts = list({one.project: one for one in reversed(adapters)}.values())[:PROJECTS]
    if len(firsts) > 1:
        yield from _visits(engine, firsts, visited.read)
    yield from _memory(engine, firsts, visited.projects)


def _switched(engine: Engine, pair: Sequence[Adapter]) -> list[float]:
    """The first token with one adapter after the other, nothing kept of what was read."""
    prompts = made_prompts()
    seconds = []
    for number in range(2 + 2 * PAIRS):
        adapter = pair[number % 2]
        seconds.append(_first_token(engine, adapter, f"{number}{prompts[0]}"))
    return seconds[2:]  # with the first two the base was loaded


def _visits(
    engine: Engine, adapters: Sequence[Adapter], read: Callable[[str], object]
) -> Iterator[Result]:
    """Go round the projects; each has a prompt of its own that goes on from round to round."""
    prompts = made_prompts()
    data, ready, kept, anew = [], [], [], []
    for round_ in range(ROUNDS + 1):
        for adapter, prompt in zip(adapters, prompts, strict=False):
            began = time.perf_counter()
            read(adapter.project)
            seen = time.perf_counter()
            told = _turn(engine, adapter)
            done = time.perf_counter()
            first = _first_token(engine, adapter, f"{prompt}{round_}: ")
            if round_:  # with the first round the base was loaded, and all was read
                data.append(seen - began)
                ready.append(done - seen)
                kept.append(first)
            if told.without or told.problem:
                raise ModelUnfit(told.without or told.problem)
    for round_ in range(ROUNDS):
        for adapter, prompt in zip(adapters, prompts, strict=False):
            _turn(engine, adapter)
            anew.append(_first_token(engine, adapter, f"{round_}{prompt}"))
    projects = f"{len(adapters)} projects"
    yield result(f"{projects}: what the screen reads", data, "s")
    yield result(f"{projects}: until it can be asked", ready, "s")
    yield result(f"{projects}: first token, prompt kept", kept, "s")
    yield result(f"{projects}: first token, prompt read anew", anew, "s")


def _memory(
    engine: Engine, adapters: Sequence[Adapter], projects: Sequence[str]
) -> Iterator[Result]:
    """The memory of engine and base before and after many visits, each with a search."""
    by_project = {one.project: one for one in adapters}
    usual = adapters[0]
    rounds: list[tuple[float, float]] = []
    for number in range(2 * VISITS):
        project = projects[number % len(projects)] if projects else usual.project
        adapter = by_project.get(project)
        request = SwitchRequest(project, usual.base, context=CONTEXT, engine="llama.cpp")
        told = engine.result(replace(request, adapter=adapter.version if adapter else ""), Switched)
        if told.chunks:
            engine.result(SearchRequest(project, "where is the error raised", 10), Retrieved)
        rounds.append((resident_bytes(process=engine.process_id), told.memory.served))
    if not rounds[0][0]:
        return
    visited = min(VISITS, len(projects))
    for name, values in zip(("engine", "base"), zip(*rounds, strict=True), strict=True):
        megabytes = [value / MEGABYTE for value in values]
        first, again = megabytes[VISITS - 1 : VISITS], megabytes[-1:]
        yield result(f"memory of the {name}, {visited} projects visited", first, "MB")
        yield result(f"memory of the {name}, after {VISITS} more visits", again, "MB")


def _turn(engine: Engine, adapter: Adapter) -> Switched:
    request = SwitchRequest(adapter.project, adapter.base, adapter.version, context=CONTEXT)
    return engine.result(replace(request, engine="llama.cpp"), Switched)


def _first_token(engine: Engine, adapter: Adapter, prompt: str) -> float:
    request = CompleteRequest(adapter.project, adapter.base, adapter.version, prompt, 2)
    return ask(engine, replace(request, context=CONTEXT, engine="llama.cpp")).first
