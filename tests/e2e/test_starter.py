"""The starter, where it is here, learns a little project, and answers on both engines."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import click
import pytest
from support.real_models import STARTER, real_model

from gardener_core.answers.completion import Completer
from gardener_core.answers.requests import CompleteRequest
from gardener_core.answers.serving import ServedBases
from gardener_core.events.answer import Completed
from gardener_core.events.run import Finished, Stopped
from gardener_core.events.train import Saved, Scored, StepDone
from gardener_core.events.union import Event
from gardener_core.garden.door import Garden, open_garden
from gardener_core.models.llama.client import Llama
from gardener_core.models.model import BaseModel
from gardener_core.models.serving.served import Completion
from gardener_core.models.tokens import TextTokens
from gardener_core.models.torch.client import TorchModel
from gardener_core.store.garden.adapter_files import GGUF
from gardener_core.store.garden.projects import Project
from gardener_core.system.places import Places

pytestmark = pytest.mark.long  # two minutes of CPU, and only where the starter is
FILES = ("globals", "_utils", "_textwrap", "_winconsole", "exceptions", "formatting", "parser")
CHARACTERS = 1900
PREFIX = "def get_current_context("
SMALL = {
    "STEPS": 2,
    "ROWS_A_STEP": 1,
    "SEQUENCE_TOKENS": 128,
    "RANK": 4,
    "ALPHA": 256,
    "LEARNING_RATE": 0.002,
}


@dataclass(frozen=True, slots=True)
class Taught:
    """A project that the starter has learned, and what its run told."""

    places: Places
    project: Project
    base: BaseModel
    events: tuple[Event, ...]

    @property
    def adapter(self) -> Path:
        return self.places.adapters(self.project.id) / "v1"


@pytest.fixture(scope="module")
def taught(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Taught]:
    model, folder = real_model(STARTER), tmp_path_factory.mktemp("starter")
    (folder / "web").mkdir()
    for name in (f"{stem}.py" for stem in FILES):
        text = (Path(click.__file__).parent / name).read_text()
        (folder / "web" / name).write_text(text[:CHARACTERS])
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GARDENER_HOME", str(folder / "home"))
        for name, value in SMALL.items():
            patch.setenv(f"GARDENER_TRAINING__{name}", str(value))
        garden = open_garden(Places.of_user())
        base = garden.models.add(model, "starter")
        project = garden.projects.add(folder / "web")
        events = stopped_and_resumed(garden, project)
        yield Taught(Places.of_user(), project, base, tuple(events))
        garden.close()


def stopped_and_resumed(garden: Garden, project: Project) -> Iterator[Event]:
    run = garden.runs.train(project, base="starter")
    for batch in garden.runs.follow(run.id):
        if any(isinstance(event, StepDone) for event in batch):
            garden.runs.stop(run.id)
    garden.runs.resume(run.id)
    for batch in garden.runs.follow(run.id):
        yield from batch


def test_a_run_on_it_is_stopped_and_goes_on(taught: Taught) -> None:
    told = taught.events
    steps = [event.step for event in told if isinstance(event, StepDone)]
    assert steps == [1, 2] and any(isinstance(event, Stopped) for event in told)
    assert isinstance(told[-1], Finished) and any(isinstance(event, Saved) for event in told)
    before, *_, after = (event for event in told if isinstance(event, Scored))
    assert 0.3 < before.value < 3, "a pretrained model knows code"
    assert after.value != before.value


def test_it_continues_code_with_and_without_the_adapter(taught: Taught) -> None:
    bases = ServedBases(taught.places)
    completer = Completer(bases)
    asked = CompleteRequest(taught.project.id, "starter", "v1", PREFIX, 8)
    *_, done = completer.complete(asked, lambda: False)
    bases.close()
    assert isinstance(done, Completed) and done.text and done.tokens <= 8
    assert (done.model, done.adapter, done.backend) == ("starter", "v1", "llama.cpp")


def test_the_adapter_answers_alike_on_both_engines(taught: Taught, tmp_path: Path) -> None:
    """They are as far apart with the adapter as they are on the base alone."""
    prompt = TextTokens(taught.base.folder).encode(PREFIX)
    own, log = {"threads": 1, "context": 256, "exact": True}, tmp_path / "log.txt"
    with Llama(taught.base.gguf, [taught.adapter / GGUF], log, **own) as engine:
        base, adapter = (engine.complete(prompt, [scale], 1, 20) for scale in (0.0, 1.0))
    with TorchModel(taught.base.folder, [taught.adapter], log, **own) as engine:
        other, other_adapter = (engine.complete(prompt, [scale], 1, 20) for scale in (0.0, 1.0))
    assert base.top != adapter.top and other.top != other_adapter.top
    between_engines = distance(base, other)
    assert distance(adapter, other_adapter) < 2 * between_engines
    assert distance(base, adapter) > 2 * between_engines, "the adapter changes more than that"
    assert distance(other, other_adapter) > 2 * between_engines


def distance(one: Completion, other: Completion) -> float:
    """The largest difference between the log-probabilities of the five likeliest tokens."""
    by_id = {item.id: item.logprob for item in other.top[0]}
    return max(abs(item.logprob - by_id[item.id]) for item in one.top[0][:5])
