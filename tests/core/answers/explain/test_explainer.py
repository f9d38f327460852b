"""A base reads the card and says something, and the exact prompt can be opened."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from support.served import place_adapters, place_base

from gardener_core.answers.explain.explainer import MOST_PROMPTS, Asked, Explainer
from gardener_core.answers.explain.known_names import KnownNames
from gardener_core.answers.explain.prompt import Material
from gardener_core.answers.requests import AskRequest
from gardener_core.answers.serving import ServedBases
from gardener_core.errors import ModelUnfit
from gardener_core.events.answer import Answered, CardLine, Composed, Prompted, Token
from gardener_core.events.index import Hit
from gardener_core.events.parts import CodeSpan, Why
from gardener_core.models.chat_template import TEMPLATE_FILE
from gardener_core.store.project.catalog import Catalog
from gardener_core.system.places import Places

PROJECT = "0123456789ab"
TEMPLATE = (
    "{% for turn in messages %}{{ turn['role'] + ': ' + turn['content'] + '\n' }}{% endfor %}"
)
CODE = "def load(path):\n    return read(path)\n"
CARD = Composed(
    lines=(CardLine("does", "Load a file.", 1, "a.py", 1, 2, "load"),),
    kind="does",
    outcome="answered",
    seconds=0.01,
    subject=CodeSpan("a.py", "load", "function", "python", 1, 2),
)
HIT = Hit(1, "a.py", 1, 2, "load", "function", "python", 1.0, Why(1, 1.0, ()), CODE)
WHOLE = Answered("card", True, (), "card", "", "", 0, 0.01, 0.01)


@pytest.fixture
def places(grown, trained, base_gguf: Path, tmp_path: Path) -> Places:
    places = Places(config=tmp_path / "config", data=tmp_path / "data")
    place_base(places, grown, base_gguf)
    place_adapters(places, PROJECT, tmp_path / "p", (trained.adapter, trained.gguf), 1)
    return places


@pytest.fixture
def explainer(places: Places) -> Iterator[Explainer]:
    bases = ServedBases(places)
    yield Explainer(bases, places)
    bases.close()


def asked(places: Places, question: str, adapter: str = "") -> Asked:
    request = AskRequest(PROJECT, question, 10, base="seedling", adapter=adapter, tokens=12)
    catalog = Catalog(places.catalog(PROJECT))
    names = KnownNames(places.data, catalog, None, ())
    return Asked(request, Material(question, CARD, [HIT]), places.data, names)


def never() -> bool:
    return False


def test_what_it_reads_is_told_and_kept_to_the_byte(places: Places, explainer: Explainer) -> None:
    (places.models / "seedling" / TEMPLATE_FILE).write_text(TEMPLATE)
    prompted, *tokens, done = explainer.explain(
        asked(places, "what does load do", "v0"), WHOLE, never
    )
    assert isinstance(prompted, Prompted) and isinstance(done, Answered)
    text = Path(prompted.file).read_text()
    assert CODE in text and text.endswith("Question: what does load do\n")
    assert prompted.tokens == done.tokens_read > sum(part.tokens for part in prompted.parts)
    said = "".join(token.text for token in tokens if isinstance(token, Token))
    assert done.text == said != "" and 0 < done.tokens <= 12
    assert (done.model, done.adapter, done.backend) == ("seedling", "v0", "llama.cpp")
    checked = done.unsourced or done.sources
    assert checked or not any(map(str.isalpha, said)), "it never cites"
    assert done.prompt_read == "whole" and done.tokens_evaluated == done.tokens_read
    assert not done.names_checked, "nothing is known of the language"
    assert 0 < done.seconds_to_first_token <= done.seconds


def test_a_cancelled_one_ends_with_what_there_is(places: Places, explainer: Explainer) -> None:
    (places.models / "seedling" / TEMPLATE_FILE).write_text(TEMPLATE)
    *_, done = explainer.explain(asked(places, "what does load do"), WHOLE, lambda: True)
    assert isinstance(done, Answered) and done.tokens <= 2


def test_a_base_that_was_not_taught_to_talk_says_so(places: Places, explainer: Explainer) -> None:
    with pytest.raises(ModelUnfit, match="has no chat template"):
        list(explainer.explain(asked(places, "q"), WHOLE, never))


def test_only_the_last_prompts_are_kept(places: Places, explainer: Explainer) -> None:
    (places.models / "seedling" / TEMPLATE_FILE).write_text(TEMPLATE)
    places.prompts.mkdir(parents=True)
    for number in range(MOST_PROMPTS + 3):
        (places.prompts / f"{number}.txt").write_text("old")
    list(explainer.explain(asked(places, "q"), WHOLE, never))
    assert len(list(places.prompts.iterdir())) == MOST_PROMPTS


def test_the_same_prompt_is_answered_once_and_says_so(places: Places, explainer: Explainer) -> None:
    (places.models / "seedling" / TEMPLATE_FILE).write_text(TEMPLATE)
    source = places.data / "a.py"
    source.write_text(CODE)
    first = answered(explainer, asked(places, "what does load do"))
    again = answered(explainer, asked(places, "what does load do"))
    assert first.kept_since == 0 and again.kept_since > 0 and again.text == first.text != ""
    assert (again.model, again.sources) == (first.model, first.sources)
    other = answered(explainer, asked(places, "what does load do", "v0"))
    assert other.kept_since == 0, "another adapter answers itself"
    anew = asked(places, "what does load do")
    anew = replace(anew, request=replace(anew.request, anew=True))
    assert answered(explainer, anew).kept_since == 0
    source.write_text(CODE + "# changed\n")
    stale = answered(explainer, asked(places, "what does load do"))
    assert stale.kept_since == 0, "the card cites a file that has changed"


def test_a_prompt_that_was_read_ahead_is_only_answered(
    places: Places, explainer: Explainer
) -> None:
    (places.models / "seedling" / TEMPLATE_FILE).write_text(TEMPLATE)
    question = asked(places, "what does load do")
    (ahead,) = explainer.read_ahead(question, never)
    assert ahead.tokens == ahead.of > 0 and ahead.skipped == ""
    done = answered(explainer, question)
    assert done.kept_since == 0 and done.tokens_evaluated == ahead.of == done.tokens_read
    assert done.tokens_reused == ahead.of - 1, "the last token tells how to begin"
    (dropped,) = explainer.read_ahead(asked(places, "what does load need " * 9), lambda: True)
    assert dropped.tokens < dropped.of and dropped.skipped == "changed"


def test_what_stays_between_questions_is_read_once(places: Places, explainer: Explainer) -> None:
    (places.models / "seedling" / TEMPLATE_FILE).write_text(TEMPLATE)
    one = answered(explainer, asked(places, "what does load do"))
    other = answered(explainer, asked(places, "where is load defined"))
    words = 60  # the words that come first have more tokens than that
    assert one.tokens_reused == 0 and words < other.tokens_reused < other.tokens_read


def answered(explainer: Explainer, question: Asked) -> Answered:
    *_, done = explainer.explain(question, WHOLE, never)
    assert isinstance(done, Answered)
    return done
