"""Pins and bans count in answers: banned code is no evidence, pinned code is read."""

from pathlib import Path

import pytest
from support.asking import PROJECT, Shop

from gardener_core.answers.chosen import pinned_code, where_they_are, without_banned
from gardener_core.answers.requests import AskRequest
from gardener_core.events.answer import Composed
from gardener_core.events.index import Retrieved
from gardener_core.events.parts import CodeSpan
from gardener_core.store.project.catalog import Catalog
from gardener_core.store.project.choices import ChoiceFile, Choices

TOPIC = "how much room is left on a shelf"


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    shop = Shop(tmp_path)
    shop.index()
    return shop


def subject_of(shop: Shop) -> str:
    card = shop.ask(TOPIC)
    assert isinstance(card, Composed)
    return card.subject.symbol if card.subject else ""


def test_banned_code_is_not_what_an_answer_is_about(shop: Shop) -> None:
    before = subject_of(shop)
    found = next(iter(shop.lane.answer(AskRequest(PROJECT, TOPIC, 5), lambda: False)))
    assert isinstance(found, Retrieved)
    banned = next(hit.span for hit in found.hits if hit.symbol == before)
    file = ChoiceFile(shop.places.choices(PROJECT))
    file.change(lambda choices: choices.banned(banned))
    assert subject_of(shop) != before
    assert before not in [hit.symbol for hit in without_banned(found.hits, (banned,))]
    file.change(lambda choices: choices.without(banned))
    assert subject_of(shop) == before


def test_a_pin_follows_its_symbol_and_gives_its_lines(shop: Shop) -> None:
    catalog = Catalog(shop.places.catalog(PROJECT))
    (symbol,) = [
        item for item in catalog.symbols.of_file("shop/stock.py") if item.symbol == "room_left"
    ]
    old = CodeSpan("shop/stock.py", "room_left", "function", "python", 900, 905)
    (pin,) = where_they_are(Choices(pins=(old,)), catalog).pins
    assert (pin.start_line, pin.end_line) == (symbol.line, symbol.last_line)
    lines = (shop.root / "shop/stock.py").read_text().splitlines()
    (read,) = pinned_code((pin,), lambda path: lines)
    assert read.text.splitlines() == lines[pin.start_line - 1 : pin.end_line]
    assert pinned_code((old,), lambda path: ()) == ()
