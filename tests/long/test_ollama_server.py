"""The whole way on a real Ollama server: make a model, describe, complete, cancel, delete."""

import os
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from support.deployable import lay_out, tiny_files
from support.grown import grown_seedling
from support.ollama_server import create, real_server

from gardener_core.answers.completion import Completer
from gardener_core.answers.requests import CompleteRequest
from gardener_core.errors import OllamaContextTooSmall, OllamaDown, OllamaModelMissing
from gardener_core.events.answer import Completed
from gardener_core.events.sentences import sentence
from gardener_core.garden.door import Garden, open_garden
from gardener_core.models.gguf.write import ensure_base_gguf
from gardener_core.models.ollama.client import Ollama
from gardener_core.models.ollama.states import knows_truncate
from gardener_core.system.places import Places

pytestmark = pytest.mark.long
NAME = "gardener-test"
ASKED = CompleteRequest(
    "p", f"ollama:{NAME}", "", "import os\n\n\ndef main(path):\n    ", 24, context=512
)


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    with real_server(tmp_path) as host:
        monkeypatch.setenv("OLLAMA_HOST", host)
        yield host


@pytest.fixture
def garden(server: str, places: Places) -> Iterator[Garden]:
    garden = open_garden(places)
    yield garden
    garden.close()


def test_a_model_of_ours_goes_the_whole_way(
    server: str, garden: Garden, places: Places, tmp_path_factory: pytest.TempPathFactory
) -> None:
    create(server, NAME, ensure_base_gguf(grown_seedling(tmp_path_factory).model))
    found = garden.models.ollama()
    assert found.status.state == "up", found.status.what
    print(found.status.what)
    shown = garden.models.show(f"ollama:{NAME}")
    assert shown.role == "base" and shown.context >= 512 and shown.bytes

    completer = Completer(places)
    *_, done = completer.complete(ASKED, lambda: False)
    assert isinstance(done, Completed) and done.text and done.backend == "ollama"
    assert done.prompt_read == "whole"

    long = replace(ASKED, prefix="x = 12345 + 67890\n" * 400)
    if knows_truncate(found.status.version):
        with pytest.raises(OllamaContextTooSmall) as refused:
            list(completer.complete(long, lambda: False))
        print(refused.value.what, refused.value.hint)
    else:
        *_, done = completer.complete(long, lambda: False)
        assert isinstance(done, Completed) and done.prompt_read == "cut"

    cancelled = threading.Event()
    events = completer.complete(replace(ASKED, prefix="# ", tokens=400), cancelled.is_set)
    next(events)
    cancelled.set()
    began = time.monotonic()
    *_, done = events
    assert isinstance(done, Completed) and time.monotonic() - began < 2

    garden.models.remove(f"ollama:{NAME}", though_used=True)
    with pytest.raises(OllamaModelMissing):
        garden.models.show(f"ollama:{NAME}")
    with pytest.raises(OllamaModelMissing):
        list(completer.complete(ASKED, lambda: False))


def test_a_server_that_ended_is_said(
    tmp_path: Path, places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    with real_server(tmp_path) as host:
        monkeypatch.setenv("OLLAMA_HOST", host)
    garden = open_garden(places)
    assert garden.models.ollama().status.state == "down"
    with pytest.raises(OllamaDown):
        garden.models.show(f"ollama:{NAME}")
    garden.close()


def test_versions_are_deployed_rolled_back_and_taken_away(
    server: str, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    made = lay_out(tiny_files(tmp_path_factory), tmp_path / "home")
    garden = open_garden(made.places)
    first, second = made.deploy("v1"), made.deploy("v2")
    print(sentence(second), "It said:", second.said)
    assert first.digest != second.digest and second.rollback == "web:rollback"
    states = {one.deployment.version: one for one in garden.deployments.all().models}
    assert states["v2"].latest and states["v1"].rollback
    assert garden.deployments.roll_back(made.project).version == "v1"
    (digest,) = {one.digest for one in Ollama.of(os.environ).models() if one.name == "web:latest"}
    assert digest == first.digest
    again = made.deploy("v1", "again", beside=True)
    print(f"With the setting: {again.route}")
    assert set(garden.deployments.undeploy(made.project)) >= {"web:v1", "web:v2", "web:latest"}
    assert not [one for one in Ollama.of(os.environ).models() if one.name.startswith("web:")]
    garden.close()
