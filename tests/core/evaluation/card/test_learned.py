"""What became cheap is told by file, name, import and line, and by signs at each token."""

from support.measured import TEXT, a_statement, tokens_measured

from gardener_core.evaluation.card.learned import learned_of, lines_of, sign_of, tokens_of
from gardener_core.evaluation.card.learned_text import file_text, side_by_side, strip_of

GOOD = tokens_measured("src/a.py", {"Store": 0.5, "shop": 3.0})
BAD = tokens_measured("src/b.py", {"load": 9.0})


def test_names_imports_and_lines_are_ranked_by_what_was_saved() -> None:
    found = learned_of([BAD, GOOD])
    assert [file.path for file in found.files] == ["src/a.py", "src/b.py"]
    assert (found.names[0].name, found.names[0].count) == ("Store", 4)
    assert abs(found.names[0].bits_saved - 2 * 4.5) < 1e-9
    assert found.names[-1].name == "load" and abs(found.names[-1].bits_saved + 4.0) < 1e-9
    assert [one.name for one in found.imports] == ["import shop"]
    assert found.idioms[0].name == "store = shop.Store(…)" and found.idioms[0].count == 4


def test_what_names_save_adds_up_to_no_more_than_the_file() -> None:
    found = learned_of([GOOD])
    saved = sum(token.saved for token in tokens_of(GOOD))
    assert abs(found.files[0].bits_saved - saved) < 1e-9
    assert sum(one.bits_saved for one in found.names) <= saved + 1e-9


def test_a_file_is_readable_without_colour() -> None:
    assert [sign_of(bits) for bits in (5.0, 1.0, 0.0, -1.0, -9.0)] == ["#", "+", " ", "-", "!"]
    text = file_text(GOOD)
    assert "   +6.5 │ store = shop.Store(1)" in text
    assert "        │         ++++ #####" in text
    assert "   -4.0 │ store.load()" in file_text(BAD)
    assert "".join(token.text for line in lines_of(tokens_of(GOOD)) for token in line) == (
        TEXT.replace("\n", "")
    )


def test_the_strip_has_a_bar_and_a_sign_for_each_file() -> None:
    first, last = strip_of(learned_of([BAD, GOOD]).files)
    assert "++++" in first and first.endswith("src/a.py") and "--" in last


def test_statements_that_the_adapter_alone_gets_right_come_first() -> None:
    items = [a_statement("a.py", n, adapter_right=n == 2) for n in range(4)]
    assert side_by_side(items, 2)[0] == items[2] and len(side_by_side(items, 2)) == 2
