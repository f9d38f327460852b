"""Nothing hostile reaches the terminal."""

from pathlib import Path

from rich.segment import Segment
from support.hostile import CODE, EVERYTHING, FORBIDDEN, PAYLOADS
from support.hostile_garden import LINES, hostile_garden
from support.scripted_garden import ScriptedGarden, a_project
from support.waiting import screen, see, write
from textual.color import Color
from textual.filter import LineFilter

from gardener_core.errors import BadInput
from gardener_core.system.terminal_text import is_safe
from gardener_tui import app, toasts
from gardener_tui.app import GardenerApp
from gardener_tui.terminal.safe_filter import SafeFilter


class Ungated(GardenerApp):
    """The app without its last gate, so that the panes themselves have to be clean."""

    # A subclass looks for its style sheets beside itself.
    CSS_PATH = [Path(app.__file__).parent / name for name in GardenerApp.CSS_PATH]  # noqa: RUF012

    def get_line_filters(self) -> list[LineFilter]:
        return [gate for gate in super().get_line_filters() if not isinstance(gate, SafeFilter)]


async def test_nothing_hostile_reaches_the_screen_and_code_is_intact() -> None:
    ungated = Ungated(hostile_garden())
    async with ungated.run_test(notifications=True, size=(220, 160)) as pilot:
        await see(pilot, "✖ died")
        await pilot.press("slash")
        await write(pilot, "x")
        await pilot.press("enter")
        await see(pilot, "1 hit ")
        code = screen(pilot)
        await pilot.press("escape", "G", "w")
        text = await see(pilot, "Why it is number 1")
        await pilot.press("w", "c")
        text += await see(pilot, "Called by 1", "likely")
        await pilot.press("f", "escape")
        text += await see(pilot, "Failed 1", "2 files")
        await pilot.press("R")
        text += await see(pilot, "Leave it")
        await pilot.press("escape", "e")
        text += await see(pilot, "Pinned 1")
        await pilot.press("4", *"why", "enter")
        await see(pilot, "1 token · 200")
        await write(pilot, "/c f")
        await pilot.press("enter")
        text += code + await see(pilot, "2 tokens · 100")
        toasts.show_error(ungated, BadInput(LINES, hint=EVERYTHING))
        text += await see(pilot, "[/usr/bin]")
        await pilot.press("escape", "n")
        text += await see(pilot, "Which folder")
        for row in text.split("\n"):
            assert is_safe(row), repr(row)
        for bad in FORBIDDEN:
            assert bad not in text, repr(bad)
        # Each line of code stands in the hit, in the answer twice, and in the completion.
        for line in CODE:
            assert text.count(line) >= 4, line
        assert ungated.return_code in (None, 0)


def test_the_last_gate_lets_nothing_through_and_keeps_the_width() -> None:
    for payload in PAYLOADS:
        segments = SafeFilter().apply([Segment(payload), Segment("good")], Color(0, 0, 0))
        assert is_safe("".join(segment.text for segment in segments))
        assert segments[0].cell_length == Segment(payload).cell_length
        assert segments[1].text == "good"


async def test_a_screen_without_clean_panes_is_still_behind_the_gate() -> None:
    gated = GardenerApp(ScriptedGarden(a_project()))
    async with gated.run_test(size=(80, 24)) as pilot:
        await see(pilot, "acme")
        gated.screen.query_one("#projects").border_title = "\x1b]52;c;eA==\x07evil"
        await pilot.pause()
        assert any(isinstance(gate, SafeFilter) for gate in gated.get_line_filters())
        assert "evil" in screen(pilot)
