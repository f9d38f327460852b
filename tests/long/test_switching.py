"""Two hundred switches on real bases, some beside an index run; twenty projects visited."""

import os
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import click
import pytest
from support.engines import running_engine
from support.real_models import CODER, STARTER, real_model
from support.switched import three_projects, walk, with_fingerprints
from support.trained_projects import follow, start_beside, three_trained

from gardener_core.engine.client import Engine
from gardener_core.engine.protocol import SearchRequest, SwitchRequest
from gardener_core.events.index import Retrieved
from gardener_core.events.switch import Switched
from gardener_core.garden.door import open_garden
from gardener_core.store.garden.runs import Run
from gardener_core.system.hardware import resident_bytes
from gardener_core.system.places import Places

pytestmark = pytest.mark.long
Keep = Callable[[str, list[str]], None]
SWITCHES, EVERY = 200, 50
BESIDE_TRAINING = int(os.environ.get("GARDENER_SWITCHES", "40"))
VISITED, MOST_GROWTH = 20, 40_000_000


@pytest.mark.parametrize(("name", "sha256"), [("starter", STARTER), ("coder", CODER)])
def test_two_hundred_switches_never_show_anything_of_another_project(
    places: Places, tmp_path: Path, keep: Keep, name: str, sha256: str
) -> None:
    garden = open_garden(places)
    base = garden.models.add(real_model(sha256), name)
    made = three_projects(places, base, tmp_path / "code")
    big = garden.projects.add(Path(click.__file__).parent, "click")
    runs: list[Run] = []

    def index_now_and_then(number: int) -> None:
        if number % EVERY == EVERY // 2:
            runs.append(garden.runs.index(big, full=True))

    with running_engine(places) as engine:
        projects = with_fingerprints(engine, base, made)
        began = time.monotonic()
        told = list(walk(engine, base, projects, SWITCHES, index_now_and_then))
        seconds = time.monotonic() - began
    for run in runs:
        for _ in garden.runs.follow(run.id):
            pass
    garden.close()
    assert len(told) == SWITCHES and len(runs) == SWITCHES // EVERY
    turned = [sum(step.seconds for step in one.steps) for one in told]
    assert statistics.median(one.tokens_kept for one in told) > 50
    keep(
        f"200 switches on the {name}",
        [
            f"{SWITCHES} switches with an answer each took {seconds:.0f} s, {len(runs)} index runs "
            "beside them; no project's code, words or adapter in another.",
            f"Until a project could be asked: {statistics.median(turned):.2f} s "
            f"(at most {max(turned):.2f}).",
        ],
    )


@pytest.mark.parametrize(("name", "sha256"), [("starter", STARTER), ("coder", CODER)])
def test_switches_between_trained_adapters_beside_index_runs_and_a_training(
    places: Places, tmp_path: Path, keep: Keep, name: str, sha256: str
) -> None:
    garden = open_garden(places)
    base = garden.models.add(real_model(sha256), name)
    made = three_trained(garden, base, tmp_path / "code")
    big = garden.projects.add(Path(click.__file__).parent, "click")
    follow(garden, garden.runs.index(big).id)

    def index_now_and_then(number: int) -> None:
        if number % EVERY == EVERY // 2:
            garden.runs.index(garden.projects.find("amber"), full=True)

    with running_engine(places) as engine:
        projects = with_fingerprints(engine, base, made)
        training = start_beside(garden, big, base)
        began = time.monotonic()
        told = list(walk(engine, base, projects, BESIDE_TRAINING, index_now_and_then))
        seconds = time.monotonic() - began
    state, steps = garden.runs.find(training).state, garden.runs.find(training).step
    garden.runs.stop(training)
    for _ in garden.runs.follow(training):
        pass
    garden.close()
    assert len(told) == BESIDE_TRAINING and state == "running" and steps > 1
    turned = [sum(step.seconds for step in one.steps) for one in told]
    keep(
        f"Switches between trained adapters on the {name}",
        [
            f"{BESIDE_TRAINING} switches with an answer each: {seconds:.0f} s beside index runs"
            f" and a training, which came to step {steps}; each answer began with the "
            "log-probabilities that its adapter had before.",
            f"Until a project could be asked: {statistics.median(turned):.2f} s "
            f"(at most {max(turned):.2f}).",
        ],
    )


def test_twenty_projects_visited_leave_memory_where_it_was(
    places: Places, tmp_path: Path, keep: Keep
) -> None:
    garden = open_garden(places)
    base = garden.models.add(real_model(STARTER), "starter")
    projects = []
    for number in range(VISITED):
        folder = tmp_path / f"p{number}"
        folder.mkdir()
        for file in sorted(Path(click.__file__).parent.glob("*.py"))[:6]:
            (folder / file.name).write_text(file.read_text())
        project = garden.projects.add(folder)
        for _ in garden.runs.follow(garden.runs.index(project).id):
            pass
        projects.append(project.id)
    with running_engine(places) as engine:
        few = [_visited(engine, base.name, one) for one in projects[:5] * 2][-1]
        all_of_them = [_visited(engine, base.name, one) for one in projects * 2][-1]
    garden.close()
    memory = f"{few / 1e6:.0f} MB after 5 projects, {all_of_them / 1e6:.0f} after 20."
    keep("Memory of twenty projects", [f"Engine and base: {memory}"])
    assert all_of_them - few < MOST_GROWTH


def _visited(engine: Engine, base: str, project: str) -> int:
    request = SwitchRequest(project, base, context=1024, engine="llama.cpp")
    told = engine.result(request, Switched)
    engine.result(SearchRequest(project, "where is the option parsed", 10), Retrieved)
    return resident_bytes(process=engine.process_id) + told.memory.served
