"""A sentence that names no line gets the one that it rests on, or none."""

from gardener_core.answers.explain.prompt import ReadCode
from gardener_core.answers.explain.sources import find_sources
from gardener_core.events.answer import CardLine

LINES = (
    CardLine("does", "Show a text in a pager.", 1, "ui.py", 3, 9, "show_text"),
    CardLine("where", "show_text", 2, "ui.py", 3, 9, "show_text"),
    CardLine("called_by", "print_help", 3, "help.py", 20, 20, "print_help"),
    CardLine("tested_in", "", absent="no_test"),
)
CODE = [ReadCode("ui.py", 3, 9, "def show_text(text):\n    strip_colours(text, terminal.width)\n")]


def test_words_and_names_decide() -> None:
    sentences = [
        "show_text shows a text in a pager.",
        "It is called by print_help.",
        "It strips the colours for the width of the terminal.",
        "It was written by a bear that lives in the wood.",
    ]
    found = {source.sentence: source.n for source in find_sources(sentences, LINES, CODE)}
    assert found == {sentences[0]: 1, sentences[1]: 3, sentences[2]: 2}


def test_without_lines_nothing_is_found() -> None:
    assert find_sources(["It shows a text in a pager."], (), ()) == ()
