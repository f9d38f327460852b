"""A text that is drawn while it is written."""

import time

import pytest
from textual.app import App, ComposeResult
from textual.containers import VerticalScroll

from gardener_tui.widgets.markdown import view as module
from gardener_tui.widgets.markdown.inline import Doubts
from gardener_tui.widgets.markdown.view import MarkdownView

STEP = 45  # characters that come between two paints
MIXED = (
    "The `refresh` function **rotates** tokens and raises `TokenReuseError` when revoked [1].\n\n"
    "```python\ndef f(a, b):\n    return a[0] + b[1]\n```\n\n- first item\n- second `x`\n\n"
)
TEXTS = {
    "mixed, 3,000 tokens": (MIXED * 80)[:13_500],
    "code, 2,000 tokens": ("```python\n" + "    value = compute(a) + 12  # why\n" * 250)[:9_000],
    "table, 1,500 tokens": ("| name | where |\n|---|---|\n" + "| refresh | a.py |\n" * 400)[:6_750],
    "list, 1,500 tokens": ("- an item with `code` and more words in it\n" * 200)[:6_750],
}


class Shown(App[None]):
    CSS = "MarkdownView { height: auto; }"

    def compose(self) -> ComposeResult:
        with VerticalScroll():
            yield MarkdownView()

    @property
    def view(self) -> MarkdownView:
        return self.query_one(MarkdownView)

    @property
    def lines(self) -> list[str]:
        view = self.view
        return [view.render_line(y).text.rstrip() for y in range(view.size.height)]


QUICK = ("table, 1,500 tokens", "list, 1,500 tokens")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(text, id=name, marks=() if name in QUICK else pytest.mark.long)
        for name, text in TEXTS.items()
    ],
)
async def test_a_text_in_pieces_ends_as_the_whole_and_each_paint_costs_the_same(text: str) -> None:
    app = Shown()
    async with app.run_test(size=(100, 30)) as pilot:
        costs = []
        for at in range(0, len(text), STEP):
            app.view.feed(text[at : at + STEP])
            began = time.process_time()
            app.view.paint()
            costs.append(time.process_time() - began)
        await pilot.pause()
        quarter = len(costs) // 4
        first, last = sorted(costs[:quarter]), sorted(costs[-quarter:])
        # The median: one full drawing as a fence closes is not what grows.
        assert last[quarter // 2] < 3 * first[quarter // 2] + 0.004
        app.view.finish(text)
        await pilot.pause()
        whole = Shown()
        lines = app.lines
    async with whole.run_test(size=(100, 30)) as pilot:
        whole.view.finish(text)
        await pilot.pause()
        assert lines == whole.lines and len(lines) > 100


async def test_the_open_block_is_seen_and_what_is_above_is_not_drawn_again() -> None:
    app = Shown()
    async with app.run_test(size=(60, 30)) as pilot:
        app.view.feed("First.\n\n```python\n")
        app.view.feed("".join(f"x{n} = {n}\n" for n in range(100)))
        app.view.paint()
        await pilot.pause()
        assert app.lines[0] == "First." and app.lines[3] == "  x0 = 0"
        kept = app.view.render_line(20)
        app.view.feed("y = 1\n")
        app.view.paint()
        await pilot.pause()
        assert app.view.render_line(20) is kept
        assert app.lines[-3:] == ["  x99 = 99", "  y = 1", ""]
    assert module.OPEN_LINES["code"] == 40


async def test_doubts_are_marked_when_the_text_is_whole() -> None:
    app = Shown()
    async with app.run_test(size=(60, 20)) as pilot:
        app.view.feed("It calls `invented`. Sure.")
        app.view.paint()
        await pilot.pause()
        assert app.lines == ["It calls `invented`. Sure."]
        app.view.finish(app.view.text, Doubts(("invented",), ("Sure.",)))
        await pilot.pause()
        strip = app.view.render_line(0)
        assert strip.text.rstrip() == "It calls `invented`. Sure. ▲ no source"
        underlined = [piece.text for piece in strip if piece.style and piece.style.underline]
        assert underlined == ["invented"]


async def test_another_width_wraps_the_text_anew() -> None:
    app = Shown()
    async with app.run_test(size=(60, 20)) as pilot:
        app.view.finish("- " + "words and more " * 6 + "\n\n> said by somebody")
        await pilot.pause()
        wide = len(app.lines)
        await pilot.resize_terminal(30, 20)
        await pilot.pause()
        assert len(app.lines) > wide
        assert app.lines[1].startswith("  ") and app.lines[-1] == "▎ said by somebody"


async def test_hostile_text_leaves_no_control_character() -> None:
    app = Shown()
    async with app.run_test(size=(60, 20)) as pilot:
        hostile = "a\x1b]52;c;eA==\x07 \u202e [@click=app.bell]x[/] &#x1b;\n\n```\x1b[2J\n\x9b1m\n"
        for letter in hostile:
            app.view.feed(letter)
        app.view.paint()
        await pilot.pause()
        text = "".join(app.lines)
        assert not set(text) & {"\x1b", "\x07", "\u202e", "\x9b"}
        assert "[@click=app.bell]x[/]" in text and "&#x1b;" in text
