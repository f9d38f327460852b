"""A question that follows knows what "it" is, and one that names something stands alone."""

import pytest
from support.asking import Shop, texts
from support.shared import made_once

from gardener_core.answers.card.follow_up import followed
from gardener_core.answers.requests import Exchange
from gardener_core.events.parts import CodeSpan

SUBJECT = CodeSpan("shop/stock.py", "Shelf.restock", "method", "python", 15, 23)
BEFORE = (Exchange("what does restock do", "It restocks.", SUBJECT), Exchange("thanks", "", None))
NAME = "`Shelf.restock`"

FOLLOWING = {
    "and who calls it?": f"and who calls {NAME}?",
    "where is that tested?": f"where is {NAME} tested?",
    "why does it raise an error": f"why does {NAME} raise an error",
    "what are its parameters": f"what are {NAME} parameters",
    "who calls this function?": f"who calls {NAME}?",
    "any tests?": f"any tests {NAME}?",
    "and how is it configured": f"and how is {NAME} configured",
    "who else calls?": f"who else calls {NAME}?",
    "when it fails, what happens": f"when {NAME} fails, what happens",
}
ALONE = (
    "who calls room_left?",
    "does Shelf.restock call it?",
    "what does this project do",
    "is it possible to turn colours off",
    "where is the function that parses dates",
    "how does the pager know when it ends",
    "does the lorry unload before it drives",
    "where are deliveries announced",
    "which files deal with that option?",
    "what changed recently",
    "???",
)


@pytest.mark.parametrize("text", FOLLOWING)
def test_it_is_what_the_last_card_was_about(text: str) -> None:
    assert followed(text, BEFORE) == (FOLLOWING[text], SUBJECT)


@pytest.mark.parametrize("text", ALONE)
def test_what_has_a_subject_of_its_own_is_left_as_it_is(text: str) -> None:
    assert followed(text, BEFORE) == (text, None)


def test_without_anything_before_nothing_is_meant() -> None:
    assert followed("and who calls it?", ()) == ("and who calls it?", None)
    assert followed("who calls it?", (Exchange("q", "a"),)) == ("who calls it?", None)


def test_the_card_is_that_of_what_was_meant(tmp_path_factory: pytest.TempPathFactory) -> None:
    shop = made_once(tmp_path_factory, "shop-of-follow-ups", Shop)
    if not shop.places.catalog("p").exists():
        shop.index()
    first = shop.ask("what does restock do")
    assert first.understood == "" and first.subject
    card = shop.ask("and who calls it?", Exchange("what does restock do", "...", first.subject))
    assert card.kind == "callers" and card.understood == "and who calls `Shelf.restock`?"
    assert card.subject == first.subject and texts(card, "called_by")[0].startswith("unload")
