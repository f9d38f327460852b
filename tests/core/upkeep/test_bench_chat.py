"""The benchmark of completions measures ours beside llama.cpp alone, and switching."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from support.engines import running_engine
from support.served import place_adapters, place_base

from gardener_core.engine.client import Engine
from gardener_core.errors import AdapterMissing
from gardener_core.models.store import ModelStore
from gardener_core.store.database import Database
from gardener_core.store.garden.adapters import AdapterTable
from gardener_core.system.places import Places
from gardener_core.upkeep.bench_chat import PAIRS, bench_chat
from gardener_core.upkeep.bench_switch import PROJECTS as MOST
from gardener_core.upkeep.bench_switch import ROUNDS, Visited, bench_switch

PROJECTS = ("0123456789ab", "0123456789cd")


@pytest.fixture(scope="module")
def places(grown, trained, base_gguf: Path, tmp_path_factory) -> Iterator[Places]:
    home = tmp_path_factory.mktemp("bench")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GARDENER_HOME", str(home))
        places = Places.of_user()
        place_base(places, grown, base_gguf)
        for project, count in zip(PROJECTS, (2, 1), strict=True):
            place_adapters(places, project, home / project, (trained.adapter, trained.gguf), count)
        yield places


@pytest.fixture(scope="module")
def engine(places: Places) -> Iterator[Engine]:
    with running_engine(places) as engine:
        yield engine


@pytest.mark.long
def test_each_figure_of_ours_stands_beside_the_bare_engine(places: Places, engine: Engine) -> None:
    told = {
        result.name: result
        for result in bench_chat(engine, places, ModelStore(places).get("seedling"))
    }
    for name in ("writing", "first token"):
        ours, bare = told[name], told[f"{name}, bare llama.cpp"]
        assert ours.n == bare.n == PAIRS and ours.unit == bare.unit
        assert ours.value > 0 and bare.value > 0
    assert told["first token, kept prefix"].value < told["first token, nothing loaded"].value
    assert told["reading"].value > 0 and told["load"].unit == "s"


def test_switching_is_measured_within_a_project_and_between_two(
    places: Places, engine: Engine
) -> None:
    adapters = AdapterTable(Database(places.database))
    known = [one for project in PROJECTS for one in adapters.of_project(project)]
    read: list[str] = []
    told = {one.name: one for one in bench_switch(engine, known, Visited(PROJECTS, read.append))}
    within, between = told["adapter to adapter"], told["project to project"]
    assert within.n == between.n == 2 * PAIRS and within.value > 0 and between.value > 0
    kept = told["2 projects: first token, prompt kept"]
    anew = told["2 projects: first token, prompt read anew"]
    assert kept.n == anew.n == 2 * ROUNDS and kept.value < anew.value
    assert told["2 projects: until it can be asked"].value > 0
    assert set(read) == set(PROJECTS) and len(PROJECTS) < MOST
    memory = [one for name, one in told.items() if name.startswith("memory of the")]
    assert [one.n for one in memory] == [1, 1, 1, 1] and all(one.value > 1 for one in memory)


def test_one_adapter_cannot_be_switched(engine: Engine) -> None:
    with pytest.raises(AdapterMissing, match="Two adapters"):
        list(bench_switch(engine, [], Visited((), str)))
