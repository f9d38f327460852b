"""Control sequences never reach the terminal, and code stays as it is."""

import pytest

from gardener_core.system.terminal_text import LONGEST_LINE, clean, clean_line, is_safe

HOSTILE = [
    "\x1b[2J",
    "\x1b]52;c;ZXZpbA==\x07",
    "\x1b]8;;http://x\x1b\\",
    "\x9b31m",
    "\u202eevil",
    "\u2066x\u2069",
    "zero\u200bwidth",
    "\U000e0041",
    "a" + "\u0301" * 30,
    "\ud800",
    "\x7f\x08\x08",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_shown_not_obeyed(text: str) -> None:
    assert is_safe(clean(text))
    assert clean(text).count("\u0301") <= 3


@pytest.mark.parametrize(
    "code", ["a[0] = b[i]", "List[int]", "[/usr/bin]", "\tif x:\n", "déjà 漢字", "x = '🙂'"]
)
def test_code_is_intact(code: str) -> None:
    assert clean(code) == code


def test_line_ends_and_long_lines() -> None:
    assert clean("a\r\nb") == "a\nb"
    assert clean_line("a\nb\tc") == "a␊b c"
    long = clean("x" * (LONGEST_LINE + 5))
    assert long.endswith("⟨5 more⟩") and len(long) < LONGEST_LINE + 20


def test_sequence_in_two_pieces_is_caught() -> None:
    assert is_safe(clean("\x1b") + clean("[2J"))
