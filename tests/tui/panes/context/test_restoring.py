"""What was searched is there again on the next screen."""

from support.scripted_garden import ScriptedGarden, a_project
from support.showroom import hits
from support.waiting import see, until, write

from gardener_core.store.garden.chats.contexts import ContextView
from gardener_tui.app import GardenerApp
from gardener_tui.panes.context.lines import FilterLine, QueryLine


def two() -> ScriptedGarden:
    garden = ScriptedGarden(a_project("acme"), a_project("blog"))
    garden.index.found = hits()
    return garden


async def test_what_was_searched_is_searched_again_by_the_next_screen() -> None:
    garden = two()
    async with GardenerApp(garden).run_test(size=(160, 45)) as pilot:
        await see(pilot, "acme")
        await pilot.press("slash")
        await write(pilot, "refresh token")
        await pilot.press("enter", "escape", "s")
        wanted = ContextView("refresh token", "code")
        await until(pilot, lambda: garden.conversations.contexts.get("id-acme") == wanted)
    again = two()
    again.conversations = garden.conversations
    async with GardenerApp(again).run_test(size=(160, 45)) as pilot:
        await see(pilot, "code only", "src/auth/session.py")
        assert pilot.app.screen.query_one(QueryLine).text == "refresh token"
        await pilot.press("1", "j")
        await until(pilot, lambda: pilot.app.screen.query_one(QueryLine).text == "")


async def test_the_page_over_the_hits_is_there_again_and_takes_no_key() -> None:
    garden = two()
    garden.conversations.contexts["id-acme"] = ContextView("", "all", "files", "sess")
    async with GardenerApp(garden).run_test(size=(160, 45)) as pilot:
        await until(pilot, lambda: pilot.app.screen.query_one(FilterLine).value == "sess")
        await pilot.press("j")
        await see(pilot, "Ask about blog", "Nothing searched yet.")


async def test_what_is_searched_next_takes_its_place() -> None:
    garden = two()
    garden.conversations.contexts["id-acme"] = ContextView("refresh token")
    async with GardenerApp(garden).run_test(size=(160, 45)) as pilot:
        await until(pilot, lambda: pilot.app.screen.query_one(QueryLine).text == "refresh token")
        await pilot.press("slash")
        await write(pilot, "another")
        await pilot.press("enter")
        kept = garden.conversations.contexts
        await until(pilot, lambda: kept["id-acme"].query.endswith("another"))
