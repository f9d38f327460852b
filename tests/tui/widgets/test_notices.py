"""Notices stand in a place of their own, at most two."""

import asyncio

from support.scripted_garden import ScriptedGarden, a_project
from support.waiting import notices, see, until

from gardener_tui import toasts
from gardener_tui.app import GardenerApp
from gardener_tui.panes.chat.writing.prompt import Prompt
from gardener_tui.screens.sheets.help import Help
from gardener_tui.widgets.footer import Hints
from gardener_tui.widgets.notices import NoticeLine, Notices


async def test_at_most_two_are_shown_and_an_error_outlasts_the_rest() -> None:
    app = GardenerApp(ScriptedGarden(a_project()))
    async with app.run_test(size=(80, 24)) as pilot:
        await see(pilot, "acme")
        toasts.show(app, "one", "error")
        toasts.show(app, "two")
        toasts.show(app, "three")
        await see(pilot, "✖ one", "· three")
        assert sorted(notices(pilot)) == ["one", "three"]
        toasts.show(app, "three")
        toasts.show(app, "four")
        await see(pilot, "✖ one", "· four")
        assert len(notices(pilot)) == 2


async def test_they_lie_over_nothing_that_is_read_or_written() -> None:
    app = GardenerApp(ScriptedGarden(a_project()))
    async with app.run_test(size=(80, 24)) as pilot:
        await see(pilot, "acme")
        await pilot.press("4", "x")
        toasts.show(app, "a sentence that is longer than the screen is wide: " + "word " * 15)
        await until(pilot, lambda: app.screen.query_one(Notices).region.height == 2)
        above = app.screen.query_one("#body").region
        prompt = app.screen.query_one(Prompt).region
        strip, footer = app.screen.query_one(Notices).region, app.screen.query_one(Hints).region
        assert prompt.bottom <= above.bottom <= strip.y < strip.bottom <= footer.y
        await pilot.click(NoticeLine)
        await until(pilot, lambda: not notices(pilot))
        assert app.screen.query_one(Notices).region.height == 0


async def test_what_nobody_could_see_below_a_sheet_stays() -> None:
    app = GardenerApp(ScriptedGarden(a_project()))
    async with app.run_test(size=(80, 24)) as pilot:
        await see(pilot, "acme")
        await pilot.press("question_mark")
        await until(pilot, lambda: isinstance(app.screen, Help))
        app.notify("short", timeout=0.05)
        # A clock of as many seconds, set later on the same loop, ends after that of the notice.
        for _ in range(2):
            over = asyncio.Event()
            app.screen.set_timer(0.05, over.set)
            await over.wait()
        assert notices(pilot) == ["short"]
        await pilot.press("escape")
        await until(pilot, lambda: not notices(pilot))
