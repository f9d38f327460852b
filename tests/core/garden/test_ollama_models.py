"""Ollama's models are rows beside ours; one is shown, deleted when confirmed, missed in words."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from support.ollama_double import CODER, OllamaDouble

from gardener_core.errors import BadInput, ModelInUse, OllamaDown, OllamaModelMissing, Remedy
from gardener_core.garden.door import Garden, open_garden
from gardener_core.store.garden.projects import Project
from gardener_core.system.places import Places
from gardener_core.upkeep.doctor import ollama

NAME = f"ollama:{CODER}"


@pytest.fixture
def double(monkeypatch: pytest.MonkeyPatch) -> Iterator[OllamaDouble]:
    double = OllamaDouble()
    monkeypatch.setenv("OLLAMA_HOST", double.host)
    yield double
    double.close()


@pytest.fixture
def garden(tmp_path: Path, double: OllamaDouble) -> Iterator[Garden]:
    garden = open_garden(Places(config=tmp_path / "config", data=tmp_path / "data"))
    yield garden
    garden.close()


@pytest.fixture
def web(garden: Garden, tmp_path: Path) -> Project:
    (tmp_path / "code").mkdir()
    return garden.projects.add(tmp_path / "code", "web")


def test_its_models_are_rows_with_what_they_are(garden: Garden, double: OllamaDouble) -> None:
    found = garden.models.ollama()
    assert found.status.what == f"Ollama 0.34.2 answers at {double.host}."
    embedder, coder = found.models
    assert (embedder.name, embedder.role) == ("ollama:nomic-embed-text", "embedder")
    assert (coder.name, coder.role, coder.format, coder.here) == (NAME, "base", "ollama", True)
    assert coder.note == "qwen2, 1.5B, Q4_K_M, completes code" and coder.context == 32768
    assert not coder.trainable and coder.path == double.host
    assert garden.models.show(NAME).sha256 == "ff" * 32
    with pytest.raises(OllamaModelMissing) as missing:
        garden.models.show("ollama:gone")
    assert missing.value.remedy == Remedy("pull", "ollama:gone")


def test_one_is_deleted_once_that_was_confirmed(
    garden: Garden, double: OllamaDouble, web: Project
) -> None:
    with pytest.raises(ModelInUse, match=r"deletes .* for good"):
        garden.models.remove(NAME)
    garden.settings.set("models.base", NAME)
    with pytest.raises(ModelInUse, match=f"The projects web need {NAME}"):
        garden.models.remove(NAME)
    assert double.deleted == []
    assert garden.models.remove(NAME, though_used=True).projects == ("web",)
    assert double.deleted == [CODER]
    entry = garden.audit.all()[-1]
    assert (entry.action, entry.subject) == ("model deleted from Ollama", NAME)
    assert [model.title for model in garden.models.ollama().models] == ["nomic-embed-text:latest"]
    with pytest.raises(OllamaModelMissing):
        garden.models.remove(NAME, though_used=True)


def test_a_server_that_is_away_says_so_and_nothing_else_fails(
    garden: Garden, double: OllamaDouble
) -> None:
    double.close()
    found = garden.models.ollama()
    assert (found.status.state, found.models) == ("down", ())
    assert found.status.hint == "Run: ollama serve"
    assert garden.models.offers() != []
    with pytest.raises(OllamaDown):
        garden.models.show(NAME)


def test_the_doctor_asks_for_what_the_settings_name(garden: Garden, double: OllamaDouble) -> None:
    environment = {"OLLAMA_HOST": double.host}
    assert garden.models.wanted_of_ollama() == set()
    garden.settings.set("models.base", "ollama:gone")
    wanted = garden.models.wanted_of_ollama()
    assert wanted == {"gone"}
    check = ollama(environment, wanted)
    assert not check.ok and "has no model gone" in check.found
    assert check.remedy == Remedy("pull", "ollama:gone") and "gone" in check.needed
    assert ollama(environment, [CODER]).ok
    double.version = "0.5.1"
    old = ollama(environment, [CODER])
    assert not old.ok and "version 0.5.1" in old.found and "newer" in old.hint
    assert ollama(environment, []).ok and "newer" in ollama(environment, []).hint
    double.close()
    assert ollama(environment, []).ok, "it is only needed where something names it"
    assert ollama(environment, [CODER]).hint == "Run: ollama serve"


def test_what_cannot_be_pulled_is_refused_before_a_run_starts(garden: Garden) -> None:
    for name, source in (("ollama:", ""), ("ollama:qwen3", "hub")):
        with pytest.raises(BadInput):
            garden.models.pull(name, source)
    assert garden.runs.all() == []
