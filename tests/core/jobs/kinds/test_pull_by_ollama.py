"""Ollama pulls by its own names: a run shows how far, hears a stop, and says what is wrong."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.ollama_double import GENERATIONS, OllamaDouble

from gardener_core.errors import OllamaBrokeOff, OllamaDown, PullFailed
from gardener_core.events.pull import Pulled
from gardener_core.events.run import Paused, PhaseAdvanced, Resumed, Stopped
from gardener_core.events.union import Event
from gardener_core.garden.door import open_garden
from gardener_core.jobs.kinds.pull import work
from gardener_core.jobs.spec import PullSpec
from gardener_core.models.ollama.client import Ollama
from gardener_core.models.sources.ollama import into_server
from gardener_core.system.interrupts import Interruptible
from gardener_core.system.places import Places

HEARD_SECONDS = 1.0


@pytest.fixture
def double(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[OllamaDouble]:
    monkeypatch.setenv("GARDENER_HOME", str(tmp_path / "home"))
    double = OllamaDouble()
    monkeypatch.setenv("OLLAMA_HOST", double.host)
    yield double
    double.close()


def pull() -> list[Event]:
    spec = PullSpec("r", 0.0, "", "ollama:tiny", "ollama")
    places = Places.of_user()
    return list(work(spec, places, places.run("r"), Interruptible()))


def test_it_tells_how_far_it_is_and_what_is_there(double: OllamaDouble) -> None:
    for generation in GENERATIONS:
        double.version = double.generation = generation
        *phases, pulled = pull()
        done = [phase.done for phase in phases if isinstance(phase, PhaseAdvanced)]
        assert done == [0, 0, 1000, 150_000, 300_000]
        assert isinstance(pulled, Pulled) and pulled.model == "ollama:tiny"
        assert (pulled.bytes, pulled.fetched, pulled.source) == (300_000, 300_000, "Ollama")
        assert pulled.sha256 == double.held["tiny:latest"].digest


def test_what_goes_wrong_is_said_and_nothing_is_there(double: OllamaDouble) -> None:
    whole, double.pulls = double.pulls, []
    with pytest.raises(PullFailed, match=r"did not get tiny.*file does not exist"):
        pull()
    double.pulls = whole[:3]
    with pytest.raises(OllamaBrokeOff):
        pull()
    assert "tiny:latest" not in double.held
    double.close()
    with pytest.raises(OllamaDown):
        pull()


def test_pause_and_stop_are_heard_while_the_server_says_nothing(double: OllamaDouble) -> None:
    double.pulls, double.pull_hangs = double.pulls[:3], True
    garden = open_garden(Places.of_user())
    run = garden.models.pull("ollama:tiny")
    assert garden.models.pull("ollama:tiny:latest").id == run.id, "one run is enough"
    assert garden.runs.subject(run) == "ollama:tiny"
    assert double.is_hung.wait(30)
    for ask, answer in (
        (garden.runs.pause, Paused),
        (garden.runs.resume, Resumed),
        (garden.runs.stop, Stopped),
    ):
        asked = time.monotonic()
        ask(run.id)
        assert any(
            isinstance(event, answer) for batch in garden.runs.follow(run.id) for event in batch
        )
        assert time.monotonic() - asked < HEARD_SECONDS
    garden.close()


def test_a_pull_that_was_paused_goes_on(double: OllamaDouble) -> None:
    whole, double.pulls, double.pull_hangs = double.pulls, double.pulls[:3], True
    steps = into_server(Ollama.of({"OLLAMA_HOST": double.host}), "tiny")
    assert next(steps).done == 0 and double.is_hung.wait(5)
    double.pulls, double.pull_hangs = whole, False
    double.left.wait(5)  # nobody waited for its steps any longer: the connection was closed
    assert [step.done for step in steps][-1] == 300_000 and "tiny:latest" in double.held
