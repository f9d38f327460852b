"""Texts: numbers, code, bars."""

import pytest

from gardener_core.system.numbers import duration, size
from gardener_tui.widgets.charts.meter import meter
from gardener_tui.widgets.code import highlighted, numbered, opened_before
from gardener_tui.widgets.plain_text import safe, styled
from gardener_tui.widgets.wording import counted, ending, symbol_end


def test_code_keeps_every_character() -> None:
    for code in ("\n\n  a[0] = b[i]\n\n", "def f():\n\treturn [x]\n", "no end", "", "'''open"):
        for language in ("python", "typescript", "no-such-language", ""):
            assert highlighted(code, language).plain == code.expandtabs(4)


def test_code_is_coloured() -> None:
    assert any(
        "code-keyword" in str(span.style) for span in highlighted("def f(): pass", "python").spans
    )


@pytest.mark.parametrize(
    ("code", "opened"),
    [
        ('Rotate it.\n\n    Args: x\n    """\n    return 1\n', '"""'),
        ('    More words."""\n    x = 1\n', '"""'),
        ("    or so.\n    '''\n    return 2\n", "'''"),
        ('def f():\n    """Begins here\n    and goes on', ""),
        ('def f(\n    a,\n):\n    """\n    Begins here\n', ""),
        ('x = """\nSELECT', ""),
        ('class A:\n    """Whole."""\n', ""),
        (" * tells\n */\nfunction f() { /* a */ }\n", "/*"),
        ("/* a */ x\n", ""),
    ],
)
def test_code_that_begins_inside_a_string_is_known(code: str, opened: str) -> None:
    assert opened_before(code) == opened
    assert highlighted(code, "python").plain == code


def test_a_piece_that_begins_in_a_docstring_has_words_as_text_and_code_as_code() -> None:
    code = 'for each token, return it.\n    """\n    return 1\n'
    spans = highlighted(code, "python").spans
    coloured = {code[span.start : span.end]: str(span.style) for span in spans}
    assert not any(text.strip() == "for" for text in coloured), "a word, not a keyword"
    assert coloured["return"] == "$code-keyword"


def test_a_symbol_that_does_not_fit_keeps_its_end() -> None:
    assert symbol_end("method Sessions.refresh_token", 40) == "method Sessions.refresh_token"
    assert symbol_end("method Sessions.refresh_token", 22) == "Sessions.refresh_token"
    assert symbol_end("method Sessions.refresh_token", 14) == "…refresh_token"


def test_numbers_begin_at_the_first_line_and_a_cut_says_what_is_missing() -> None:
    assert numbered("a\n\nb\n", 9, "").plain == " 9 a\n10 \n11 b"
    cut = numbered("".join(f"l{n}\n" for n in range(20)), 1, "", most=5).plain
    assert cut.count("\n") == 5 and "15 more lines" in cut


def test_styled_cleans_its_parts_and_reads_no_markup() -> None:
    assert styled("[b]x[/b]\x1b", ("y\u202e", "bold")).plain == "[b]x[/b]␛y⟨202E⟩"
    assert safe(styled("ok")).plain == "ok"


def test_meter_is_as_wide_as_asked() -> None:
    for part in (-1.0, 0.0, 0.013, 0.5, 0.999, 1.0, 7.0):
        assert meter(part, 12).cell_length == 12


def test_wording() -> None:
    assert counted(1, "file") == "1 file" and counted(18331, "chunk") == "18 331 chunks"
    assert duration(8.25) == "8.2 s" and duration(72) == "1:12" and duration(7293) == "2:01:33"
    assert size(900) == "900 bytes" and size(318_000) == "311 KiB" and size(1 << 31) == "2.0 GiB"
    assert ending("src/auth/session.py", 12) == "…/session.py"
