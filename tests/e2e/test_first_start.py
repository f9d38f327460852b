"""The first screen of a garden gets the starter, says so, and shows it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from support.hub_double import HubDouble
from support.pulled import DATA, REPOSITORY, SHA256
from support.terminal import Terminal

from gardener_core.garden.door import open_garden
from gardener_core.system.places import Places

SCREEN = "from gardener_tui.cli import main; main()"
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


def test_the_starter_comes_by_itself_and_is_told(
    tmp_path: Path, hub: HubDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GARDENER_HOME", str(tmp_path))
    monkeypatch.setenv("GARDENER_MODELS__STARTER", "true")
    monkeypatch.setenv("HF_ENDPOINT", hub.endpoint)
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hub"))
    monkeypatch.setenv("OLLAMA_MODELS", str(tmp_path / "ollama"))
    places = Places.of_user()
    places.config.mkdir(parents=True)
    places.own_models.write_text(ENTRY)
    terminal = Terminal(SCREEN)
    terminal.see("Welcome.", "the starter (smollm2-135m) is being fetched")
    terminal.see("smollm2-135m is here")
    terminal.press("m")
    terminal.see("Which model?", "● smollm2-135m", "qwen2.5-coder-7b")
    terminal.press("\x1b")
    terminal.miss("Which model?")
    terminal.press("q")
    assert terminal.wait()[0] == 0
    assert [model.name for model in open_garden(places).models.all()] == ["smollm2-135m"]
