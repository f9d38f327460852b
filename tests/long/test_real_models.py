"""Two real models learn a project, are served with what they learned, and fill in code."""

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import click
import pytest
from support.asking import Shop
from support.real_models import CODER, STARTER, real_model

from gardener_core.answers.completion import Completer
from gardener_core.answers.requests import CompleteRequest
from gardener_core.answers.serving import ServedBases
from gardener_core.events.answer import Completed
from gardener_core.events.export import Exported
from gardener_core.events.train import Scored, StepDone
from gardener_core.events.union import Event
from gardener_core.garden.door import Garden, open_garden
from gardener_core.store.garden.projects import Project
from gardener_core.store.garden.runs import Run
from gardener_core.system.hardware import available_bytes
from gardener_core.system.places import Places

pytestmark = pytest.mark.long
Keep = Callable[[str, list[str]], None]
PREFIX = "def get_terminal_size("


@pytest.fixture
def garden(places: Places) -> Iterator[Garden]:
    garden = open_garden(places)
    yield garden
    garden.close()


@pytest.fixture
def project(garden: Garden) -> Project:
    return garden.projects.add(Path(click.__file__).parent, "click")


def events_of(garden: Garden, run: Run, until: type[Event] | None = None) -> list[Event]:
    events: list[Event] = []
    for batch in garden.runs.follow(run.id):
        events += batch
        if until and any(isinstance(event, until) for event in events):
            break
    return events


def completion(completer: Completer, asked: CompleteRequest) -> Completed:
    *_, done = completer.complete(asked, lambda: False)
    assert isinstance(done, Completed)
    return done


def test_the_starter_learns_a_project_and_answers_with_it(
    garden: Garden, places: Places, project: Project, keep: Keep
) -> None:
    base = garden.models.add(real_model(STARTER), "starter")
    run = garden.runs.train(project, base="starter", steps=24)
    began = time.monotonic()
    first = events_of(garden, run, until=StepDone)
    garden.runs.stop(run.id)
    events_of(garden, run)
    garden.runs.resume(run.id)
    told = events_of(garden, run)
    seconds = time.monotonic() - began
    scores = {event.when: event for event in told if isinstance(event, Scored)}
    before, after = scores["before"], scores["after"]
    memory = max(event.memory_bytes for event in told if isinstance(event, StepDone))
    assert any(isinstance(event, StepDone) for event in first)
    assert after.value < 0.93 * before.value
    assert memory < 2_000_000_000

    bases = ServedBases(places)
    completer = Completer(bases)
    asked = CompleteRequest(project.id, base.name, "v1", PREFIX, 24)
    cold, alone = completion(completer, asked), completion(completer, replace(asked, adapter=""))
    warm = completion(completer, replace(asked, prefix="def make_str(value"))
    bases.close()
    assert cold.text != alone.text and cold.model == "starter"
    assert warm.seconds_to_first_token < 0.5
    folder = places.data / "out"
    exported = garden.exports.start(garden.projects.find("click"), "v1", "gguf-lora", folder)
    (file,) = [event for event in events_of(garden, exported) if isinstance(event, Exported)]
    assert file.fidelity is not None
    keep(
        "The starter on click",
        [
            f"- 24 steps, stopped and resumed, {seconds:.0f} s, {memory:,} bytes at most",
            f"- bits per byte {before.value:.4f} before, {after.value:.4f} after, {after.n} of "
            f"{after.of} files",
            f"- first token {cold.seconds_to_first_token:.2f} s cold, "
            f"{warm.seconds_to_first_token:.3f} s warm",
            f"- llama.cpp against PEFT: base {file.fidelity.worst_base:.2f}, adapter "
            f"{file.fidelity.worst_adapter:.2f} nats over {file.fidelity.positions} places",
            f"- with the adapter: `{cold.text!r}`",
            f"- base alone: `{alone.text!r}`",
        ],
    )


def test_the_coder_learns_and_fills_in(
    garden: Garden, places: Places, project: Project, keep: Keep
) -> None:
    file = real_model(CODER)
    if available_bytes() < 5_000_000_000:
        pytest.skip("wants 5 GB of free memory")
    base = garden.models.add(file, "coder")
    bases = ServedBases(places)
    completer = Completer(bases)
    asked = CompleteRequest(
        project.id, base.name, "", "def add(a, b):\n    ", 24, "\n    return result\n"
    )
    filled = completion(completer, asked)
    bases.close()
    assert filled.text.strip() == "result = a + b"
    told = events_of(garden, garden.runs.train(project, base="coder", steps=10))
    scores = {event.when: event for event in told if isinstance(event, Scored)}
    before, after = scores["before"], scores["after"]
    memory = max(event.memory_bytes for event in told if isinstance(event, StepDone))
    assert after.value < 0.96 * before.value
    assert memory < 4_000_000_000
    keep(
        "The coder on click",
        [
            f"- 10 steps, {memory:,} bytes at most",
            f"- bits per byte {before.value:.4f} before, {after.value:.4f} after, {after.n} of "
            f"{after.of} files",
            f"- filled in: `{filled.text!r}`, first token {filled.seconds_to_first_token:.2f} s",
        ],
    )


def test_the_coder_explains_from_a_card_and_keeps_what_stays(tmp_path: Path) -> None:
    shop = Shop(tmp_path)
    shop.index()
    garden = open_garden(shop.places)
    garden.models.add(real_model(CODER), "coder")
    garden.close()
    first = shop.explain("what does restock do", "coder")
    other = shop.explain("what does cellar_folder do", "coder")
    for done in (first, other):
        assert done.problem == "" and done.prompt_read == "whole" and done.tokens > 3
        assert done.names_checked and done.unknown_names == ()
        assert done.sources, "a sentence from the card rests on it"
    assert other.tokens_reused > 100, "words and map were read for the first one"
    assert shop.explain("what does restock do", "coder").kept_since > 0
    shop.bases.close()
