"""Waiting for what a test expects, never for a time."""

import time
from collections.abc import Callable

from textual.pilot import Pilot
from textual.widgets import Input

from gardener_tui.widgets.notices import NoticeLine

DEADLINE_SECONDS = 30.0


async def until(pilot: Pilot[None], true: Callable[[], object]) -> None:
    """Let the app work until this is true; fail where it never is."""
    end = time.monotonic() + DEADLINE_SECONDS
    while not true():
        assert time.monotonic() < end, "it never came to be; the screen shows:\n" + screen(pilot)
        await pilot.pause(0.02)


def screen(pilot: Pilot[None]) -> str:
    """What stands on the screen, as text."""
    strips = pilot.app.screen._compositor.render_strips()
    return "\n".join(strip.text.rstrip() for strip in strips)


def notices(pilot: Pilot[None]) -> list[str]:
    """What the lines above the footer say."""
    return [line.notice.text for line in pilot.app.screen_stack[0].query(NoticeLine)]


async def see(pilot: Pilot[None], *texts: str) -> str:
    """Wait until all these stand on the screen."""
    shown = ""

    def is_seen() -> bool:
        nonlocal shown
        shown = screen(pilot)  # drawn for this alone: once a look is enough
        return all(text in shown for text in texts)

    await until(pilot, is_seen)
    return shown


async def write(pilot: Pilot[None], text: str) -> None:
    """Write into the input line that has the focus; the last letter by its key."""
    line = pilot.app.focused
    assert isinstance(line, Input)
    line.replace(text[:-1], *sorted(line.selection))
    names = {"=": "equals_sign", ":": "colon", "?": "question_mark"}
    await pilot.press(names.get(text[-1], text[-1]))
