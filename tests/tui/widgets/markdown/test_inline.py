"""What stands inside a line, and what is doubtful in it."""

from gardener_tui.widgets.markdown.inline import NO_SOURCE, UNKNOWN, Doubts, inline
from gardener_tui.widgets.markdown.table import table_lines


def test_inline_marks_are_set_apart_and_nothing_is_lost() -> None:
    text = "a `b` **c** [1] d[0] 2**3**4 [/x] &#x202e; [@click=app.quit]"
    shown = inline(text)
    assert shown.plain == text
    styles = {text[span.start : span.end]: str(span.style) for span in shown.spans}
    assert styles["b"] == "$code-name" and styles["c"] == "bold" and styles["[1]"] == "$accent"


def test_a_name_that_is_found_nowhere_is_underlined_wherever_it_stands_whole() -> None:
    text = "Call `do_it` or do_it(), not redo_it or do_items."
    shown = inline(text, Doubts(names=("do_it",)))
    marked = [(span.start, span.end) for span in shown.spans if span.style == UNKNOWN]
    assert sorted(marked) == [(6, 11), (16, 21)]


def test_a_sentence_without_a_source_says_so_at_its_end() -> None:
    text = "It does this [1]. It is **also** red.\nMore."
    shown = inline(text, Doubts(sentences=("It is **also** red.",)))
    assert shown.plain == f"It does this [1]. It is **also** red. {NO_SOURCE}\nMore."


def test_a_scrap_that_was_taken_for_a_sentence_marks_nothing_in_a_word() -> None:
    text = "The `echo` function prints. So it is."
    assert inline(text, Doubts(sentences=("`",))).plain == text
    assert inline(text, Doubts(sentences=("So it is.",))).plain == f"{text} {NO_SOURCE}"
    assert inline(text, Doubts(sentences=("pri",))).plain == text


def test_what_a_terminal_would_obey_is_made_visible() -> None:
    assert "\x1b" not in inline("a\x1b[2J \u202e b").plain


def test_a_table_has_columns_and_fits_its_width() -> None:
    text = "| name | what |\n|---|:-:|\n| refresh | a long text about it |\n| x |"
    lines = [line.plain for line in table_lines(text, 24, Doubts())]
    assert lines[0].startswith("name    │ what")
    assert set(lines[1]) == {"─"}
    assert "…" in lines[2] and lines[3].startswith("x       │")
    assert all(len(line) <= 24 for line in lines)
