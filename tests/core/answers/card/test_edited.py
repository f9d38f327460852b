"""A card follows the files as they are now, and says what is not committed."""

from pathlib import Path

from support.asking import Shop, line

from gardener_core.answers.card.source_text import LineShift


def test_lines_follow_an_edit_that_is_not_indexed_yet(tmp_path: Path) -> None:
    shop = Shop(tmp_path)
    shop.git("init", "-q")
    shop.commit("Open the shop")
    shop.index()
    before = line(shop.ask("where is room_left defined"), "where")
    shop.replace("shop/stock.py", "LIMIT = 40\n", "LIMIT = 40\nCELLAR = 80\nATTIC = 3\n")
    after = line(shop.ask("where is room_left defined"), "where")
    assert (after.start_line, after.end_line) == (before.start_line + 2, before.end_line + 2)
    assert not after.moved
    source = (shop.root / after.path).read_text().splitlines()
    assert source[after.start_line - 1].startswith("def room_left")
    assert not line(shop.ask("what changed in room_left"), "changed").text.startswith("not")

    shop.replace("shop/stock.py", "a shelf holds something", "a shelf holds nothing less")
    card = shop.ask("what changed in room_left")
    changed = line(card, "changed")
    assert changed.text.startswith("not committed yet; before: ")
    assert changed.text.endswith("Open the shop")


def test_without_git_the_history_is_not_made_up(tmp_path: Path) -> None:
    shop = Shop(tmp_path)
    shop.index()
    assert line(shop.ask("what changed in restock"), "changed").absent == "no_history"


def test_shift_counts_from_both_ends() -> None:
    shift = LineShift.between(["a", "b", "c"], ["a", "x", "y", "c"])
    assert [shift.line(number) for number in (1, 2, 3)] == [1, None, 4]
    assert shift.span(1, 2) == (1, 3) and not shift.is_equal
    assert LineShift.between(["a"], ["a"]).is_equal
