"""The starter is fetched once by itself, only where it is wanted and nothing is here."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from support.hub_double import HubDouble
from support.pulled import DATA, REPOSITORY, SHA256

from gardener_core.events.pull import Pulled
from gardener_core.events.run import Failed
from gardener_core.garden.door import Garden, open_garden
from gardener_core.system.places import Places

ENTRY = f"""
[[model]]
name = "smollm2-135m"
roles = ["complete"]
file = [{{ name = "tiny.gguf", bytes = {len(DATA)}, sha256 = "{SHA256}" }}]
source = [{{ kind = "hub", repository = "{REPOSITORY}", files = ["tiny.gguf"] }}]
"""


@pytest.fixture
def hub() -> Iterator[HubDouble]:
    double = HubDouble({f"{REPOSITORY}/tiny.gguf": DATA})
    yield double
    double.close()


@pytest.fixture
def garden(tmp_path: Path, hub: HubDouble, monkeypatch: pytest.MonkeyPatch) -> Iterator[Garden]:
    monkeypatch.setenv("GARDENER_HOME", str(tmp_path))
    monkeypatch.setenv("HF_ENDPOINT", hub.endpoint)
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hub"))
    monkeypatch.setenv("OLLAMA_MODELS", str(tmp_path / "ollama"))
    places = Places.of_user()
    places.config.mkdir(parents=True)
    places.own_models.write_text(ENTRY)
    garden = open_garden(places)
    yield garden
    garden.close()


def test_a_test_fetches_nothing_unless_it_is_told(garden: Garden) -> None:
    assert garden.models.begin_starter() is None and garden.runs.all() == []


def test_it_is_begun_once(garden: Garden, hub: HubDouble, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GARDENER_MODELS__STARTER", "true")
    run = garden.models.begin_starter()
    assert run is not None
    events = [event for batch in garden.runs.follow(run.id) for event in batch]
    assert any(isinstance(event, Pulled) for event in events)
    assert [model.name for model in garden.models.all()] == ["smollm2-135m"]
    garden.models.remove("smollm2-135m")
    assert garden.models.begin_starter() is None, "who removed it does not want it"


def test_where_no_source_answers_it_is_told_once(
    garden: Garden, hub: HubDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GARDENER_MODELS__STARTER", "true")
    hub.fault = "answers 500"
    run = garden.models.begin_starter()
    assert run is not None
    events = [event for batch in garden.runs.follow(run.id) for event in batch]
    (failed,) = [event for event in events if isinstance(event, Failed)]
    assert failed.code == "pull-failed" and "status 500" in failed.what
    assert garden.models.begin_starter() is None
