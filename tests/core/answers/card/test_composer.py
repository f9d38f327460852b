"""A card holds what the index knows of a symbol, and abstains where it knows nothing."""

from typing import get_args

import pytest
from support.asking import Shop, line, texts
from support.shared import made_once

from gardener_core.events.answer import CardLine, Composed, QuestionKind
from gardener_core.events.card_text import MOST_LINES, WIDTH, card_rows, rows_of_lines
from gardener_core.events.json import decode, encode
from gardener_core.store.project.catalog import Catalog
from gardener_core.upkeep.bench_answers import wrong_citations


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    shop = made_once(tmp_path_factory, "shop", Shop)
    if not shop.places.catalog("p").exists():
        shop.git("init", "-q")
        shop.commit("Open the shop")
        shop.replace(
            "shop/stock.py",
            "min(count, room)\n        return",
            "min(count, room)\n\n        return",
        )
        shop.commit("Format with ruff")
        shop.index()
    return shop


def test_what_it_does_stands_first_then_the_rest(shop: Shop) -> None:
    card = shop.ask("what does restock do")
    assert (card.kind, card.outcome) == ("does", "answered")
    assert [each.label for each in card.lines][:3] == ["does", "where", "signature"]
    assert line(card, "does").text == (
        "Put copies of an item on the shelf and return how many fit."
    )
    where = line(card, "where")
    assert (where.path, where.symbol) == ("shop/stock.py", "Shelf.restock")
    lines = (shop.root / where.path).read_text().splitlines()[where.start_line - 1 : where.end_line]
    assert "def restock" in lines[0] and "return min" in lines[-1]
    assert texts(card, "called_by") == ["unload"] and line(card, "called_by").grade == "sure"
    assert line(card, "calls").text.startswith("room_left :")
    assert texts(card, "tested_in") == ["test_restock_fills_the_shelf"]
    assert line(card, "configured_by").text == "count=1"
    assert card.subject and card.subject.symbol == "Shelf.restock"


def test_style_commits_come_last(shop: Shop) -> None:
    changes = texts(shop.ask("what changed in restock"), "changed")
    assert len(changes) == 2
    assert changes[0].endswith("Open the shop") and changes[1].endswith("Format with ruff (style)")
    newest = texts(shop.ask("what was the last change of restock"), "changed")
    assert newest[0].endswith("Format with ruff (style)")


def test_a_comment_of_sphinx_is_the_doc_of_what_stands_below_it(shop: Shop) -> None:
    does = line(shop.ask("what does WAITS_AT_DOOR do"), "does")
    assert does.text == "Whether a lorry waits at the back door until somebody opens."


def test_plain_words_of_a_long_question_are_no_ends_of_a_path(shop: Shop) -> None:
    card = shop.ask("how does the clerk stop unload access to unsafe restock")
    assert card.kind == "path", "so it is read by its first words"
    assert "step" not in {each.label for each in card.lines}
    assert line(card, "where").symbol


def test_without_a_doc_the_code_says_what_it_does(shop: Shop) -> None:
    card = shop.ask("what does room_left do")
    assert line(card, "does").text == "raises ValueError; returns limit - len(shelf.items)"


def test_callers_are_quoted_and_none_is_not_unused(shop: Shop) -> None:
    card = shop.ask("who calls room_left")
    assert card.lines[0].label == "called_by"
    assert texts(card, "called_by")[0].startswith("announce: return f")
    never = line(shop.ask("who calls drive_and_unload"), "called_by")
    assert never.absent == "no_call" and never.n == 0
    assert any("no call found" in row for row in card_rows(shop.ask("who calls drive_and_unload")))


def test_configuration_names_the_variable_and_the_line(shop: Shop) -> None:
    card = shop.ask("which environment variable sets the cellar folder")
    assert card.kind == "config"
    assert "SHOP_CELLAR" in texts(card, "setting")[0]
    source = (shop.root / "shop/stock.py").read_text().splitlines()
    assert "SHOP_CELLAR" in source[line(card, "setting").start_line - 1]


def test_path_is_a_chain_of_calls(shop: Shop) -> None:
    card = shop.ask("how does drive_and_unload reach room_left")
    assert card.kind == "path"
    steps = [each.symbol for each in card.lines if each.label == "step"]
    assert steps == ["unload", "Shelf.restock", "room_left"]
    missing = shop.ask("how does room_left reach drive_and_unload")
    assert line(missing, "step").absent == "no_path"


def test_files_and_tests_of_a_topic(shop: Shop) -> None:
    card = shop.ask("which files deal with unloading a lorry")
    assert card.kind == "files" and line(card, "file").path == "shop/delivery.py"
    tested = shop.ask("how is restock tested")
    assert line(tested, "run").text.startswith("pytest tests/test_stock.py::test_restock")


def test_changelog_speaks_where_git_has_too_little(shop: Shop) -> None:
    card = shop.ask("what changed in announce")
    entry = line(card, "changelog")
    assert entry.text == "1.1: announce speaks to drivers of lorries."
    assert "drivers" in (shop.root / entry.path).read_text().splitlines()[entry.start_line - 1]


def test_a_name_that_is_nowhere_is_not_found_at_once(shop: Shop) -> None:
    card = shop.ask("what does KubernetesOperator do")
    assert (card.outcome, card.unknown) == ("not_found", ("KubernetesOperator",))
    assert {each.label for each in card.lines} == {"nearest"} and card.subject is None
    assert "occurs nowhere" in card_rows(card)[0]


def test_a_topic_that_is_nowhere_is_not_found(shop: Shop) -> None:
    card = shop.ask("where is gzip compression negotiated")
    assert card.outcome == "not_found" and "gzip" in card.unknown
    assert 0 < len(card.lines) <= 3


def test_a_name_only_in_text_gets_its_mentions_and_no_card(shop: Shop) -> None:
    card = shop.ask("what does gummed_printer do")
    assert card.outcome == "mentioned"
    (mention,) = card.lines
    assert (mention.label, mention.path, mention.start_line) == ("mentioned", "README.md", 3)


def test_words_that_the_card_lacks_are_named(shop: Shop) -> None:
    card = shop.ask("where is a frozen lorry unloaded to the shelf")
    assert card.outcome == "answered" and card.lacking == ("frozen",)
    assert card_rows(card)[-1] == "Not on this card: frozen."


QUESTIONS = {
    "where": "where is restock defined",
    "does": "what does restock do",
    "callers": "who calls restock",
    "config": "how do I configure restock",
    "files": "which files deal with `restock`",
    "changed": "what changed in restock",
    "test": "how is restock tested",
    "path": "how does unload reach room_left",
}


@pytest.mark.parametrize("kind", get_args(QuestionKind))
def test_a_kind_orders_and_removes_no_line(shop: Shop, kind: QuestionKind) -> None:
    card = shop.ask(QUESTIONS[kind])
    assert card.kind == kind
    labels = {each.label for each in card.lines}
    assert {"where", "does", "called_by", "tested_in", "changed"} <= labels
    assert sum(map(len, rows_of_lines(card.lines))) <= MOST_LINES
    assert all(len(row) <= WIDTH for row in card_rows(card))
    assert wrong_citations(shop.root, Catalog(shop.places.catalog("p")), card) == []
    assert decode(encode(card)) == card
    numbers = [each.n for each in card.lines if each.n]
    assert numbers == list(range(1, len(numbers) + 1))


def test_wrong_places_are_noticed(shop: Shop) -> None:
    catalog = Catalog(shop.places.catalog("p"))
    wrong = (
        CardLine("where", "x", 1, "shop/nowhere.py", 1, 2),
        CardLine("where", "x", 2, "shop/stock.py", 900, 901),
        CardLine("where", "x", 3, "shop/stock.py", 1, 1, "Shelf.restock"),
    )
    assert len(wrong_citations(shop.root, catalog, Composed(wrong, "where", "answered", 0.0))) == 3
