"""A model of an Ollama server explains, whichever generation the server is."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from support.ollama_double import CODER, GENERATIONS, PIECES, OllamaDouble

from gardener_core.answers.explain.explainer import Asked, Explainer
from gardener_core.answers.explain.known_names import KnownNames
from gardener_core.answers.explain.prompt import Material
from gardener_core.answers.requests import AskRequest
from gardener_core.answers.serving import ServedBases
from gardener_core.errors import OllamaModelMissing
from gardener_core.events.answer import Answered, CardLine, Composed, Prompted, Token
from gardener_core.events.run import Noted
from gardener_core.events.union import Event
from gardener_core.store.project.catalog import Catalog
from gardener_core.system.places import Places

CARD = Composed(
    lines=(CardLine("does", "Load a file.", 1, "a.py", 1, 2, "load"),),
    kind="does",
    outcome="answered",
    seconds=0.01,
)
WHOLE = Answered("card", True, (), "card", "", "", 0, 0.01, 0.01)
SAID = "".join(PIECES)


@pytest.fixture(params=GENERATIONS)
def double(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[OllamaDouble]:
    double = OllamaDouble(generation=request.param)
    monkeypatch.setenv("OLLAMA_HOST", double.host)
    yield double
    double.close()


def explained(folder: Path, model: str = f"ollama:{CODER}", context: int = 4096) -> list[Event]:
    places = Places(config=folder / "config", data=folder / "data")
    bases = ServedBases(places)
    names = KnownNames(folder, Catalog(places.catalog("p")), None, ())
    asked = AskRequest("p", "what does load do", 5, base=model, tokens=40, context=context)
    material = Material(asked.question, CARD, [])
    return [*Explainer(bases, places).explain(Asked(asked, material, folder, names), WHOLE, never)]


def never() -> bool:
    return False


def test_it_reads_the_card_and_its_words_are_checked(double: OllamaDouble, tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("def load(): ...\n")
    prompted, *tokens, done = explained(tmp_path)
    assert isinstance(prompted, Prompted) and isinstance(done, Answered)
    assert "[1] Does: Load a file." in Path(prompted.file).read_text()
    (asked,) = double.completed
    assert [turn["role"] for turn in asked["messages"]] == ["system", "user"]
    assert asked["truncate"] is False and asked["options"]["num_ctx"] == 4096
    assert "".join(token.text for token in tokens if isinstance(token, Token)) == SAID == done.text
    assert (done.model, done.backend, done.adapter) == (f"ollama:{CODER}", "ollama", "")
    assert done.prompt_read == "whole" and done.unsourced
    assert done.tokens_evaluated == 0 or double.generation == "0.12.5"


def test_the_same_prompt_is_not_sent_twice(double: OllamaDouble, tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("def load(): ...\n")
    explained(tmp_path)
    *_, done = explained(tmp_path)
    assert isinstance(done, Answered) and done.kept_since > 0 and len(double.completed) == 1


# Newer servers refuse what they would have to cut.
@pytest.mark.parametrize("double", ["0.12.5"], indirect=True)
def test_what_an_old_server_cut_is_marked_and_not_kept(
    double: OllamaDouble, tmp_path: Path
) -> None:
    *_, done = explained(tmp_path, context=400)  # a token is a byte there
    assert isinstance(done, Answered)
    assert done.prompt_read == "cut" and done.tokens_evaluated == 400
    *_, again = explained(tmp_path, context=400)
    assert isinstance(again, Answered) and again.kept_since == 0


def test_a_server_that_is_busy_is_waited_for_and_a_missing_model_is_said(
    double: OllamaDouble, tmp_path: Path
) -> None:
    double.behaviours = ["busy", "whole"]
    events = explained(tmp_path)
    assert any(isinstance(event, Noted) for event in events)
    assert isinstance(events[-1], Answered) and events[-1].text == SAID
    with pytest.raises(OllamaModelMissing):
        explained(tmp_path, "ollama:nobody")
