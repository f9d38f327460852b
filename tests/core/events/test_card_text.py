"""A card as text stays within its rows and columns."""

import pytest

from gardener_core.events.answer import CardLine, Composed
from gardener_core.events.card_text import card_rows, place_of, rows_of_lines

LONG = "Move the file pointer back to its recorded starting position so that it can be read again"
LINES = (
    CardLine("does", f"{LONG}. {LONG}.", 1, "src/shop/files/pointer.py", 1139, 1155, "rewind"),
    CardLine("called_by", LONG, 2, "src/shop/sessions.py", 284, 284, "go", "likely", more=3),
    CardLine("called_by", "short", 3, "tests/shop/sessions.py", 2, 2, "t", "sure"),
    CardLine("tested_in", "", absent="no_test"),
)


@pytest.mark.parametrize("width", [40, 60, 80, 120])
def test_no_row_is_wider_and_places_and_grades_stay(width: int) -> None:
    rows = card_rows(Composed(LINES, "does", "answered", 0.0), width)
    assert all(len(row) <= width for row in rows)
    text = "\n".join(rows)
    assert "pointer.py:1139" in text and "(likely) and 3 more" in text and "no test found" in text
    assert "moresrc" not in text and "moresessions" not in text


def test_label_of_the_same_section_stands_once() -> None:
    text = "\n".join(card_rows(Composed(LINES, "does", "answered", 0.0)))
    assert text.count("Called by") == 1


def test_a_path_is_cut_to_what_tells_it_from_others() -> None:
    paths = [line.path for line in LINES if line.n]
    assert place_of(LINES[0], paths) == "pointer.py:1139"
    assert place_of(LINES[1], paths) == "src/shop/sessions.py:284"


def test_fourteen_rows_are_kept_by_cutting_the_last_lines() -> None:
    many = tuple(CardLine("changed", LONG * 2, n, "a.py", n, n) for n in range(1, 11))
    rows = rows_of_lines(many)
    assert sum(map(len, rows)) == 14 and len(rows[0]) == 2 and len(rows[-1]) == 1


def test_what_is_not_found_says_what_is_unknown() -> None:
    near = (CardLine("nearest", "Shelf", 1, "a.py", 1, 9, "Shelf"),)
    card = Composed(near, "where", "not_found", 0.0, unknown=("gzip", "brotli"))
    assert "gzip and brotli occur nowhere" in card_rows(card)[0]
