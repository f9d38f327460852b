"""What is pinned and banned, in the hits and on its own page."""

from support.searching import searched, shop
from support.showroom import hits
from support.waiting import screen, see, until

from gardener_core.events.index import Retrieved
from gardener_tui.app import GardenerApp
from gardener_tui.panes.context.pane import ContextPane

WIDE = (140, 45)


async def test_pinned_stays_on_top_of_every_search_and_banned_goes() -> None:
    garden = shop()
    async with GardenerApp(garden).run_test(notifications=True, size=WIDE) as pilot:
        await searched(pilot)
        await pilot.press("j", "plus")
        text = await see(pilot, "Pinned 1", "TokenStore is pinned", "◆ ")
        assert text.index("store.py:40") < text.index("session.py:118")
        spot = pilot.app.screen.query_one(ContextPane).stack.spot
        assert spot.code.path == "web/api/session.ts", "the cursor stays with what stood below"
        await pilot.press("G", "minus")
        await see(pilot, "test_reuse is banned")
        pilot.app.clear_notifications()
        await see(pilot, "3 hits · 1 test · 38 ms · 1 banned")
        await until(pilot, lambda: "test_rotation" not in screen(pilot).split("4 Chat")[0])
        garden.index.found = Retrieved(hits().hits[2:], 0.01)
        await pilot.press("slash", "x", "enter")
        await see(pilot, "1 hit ", "store.py:40")
        await pilot.press("e")
        await see(pilot, "pinned and banned", "Banned 1", "test_rotation.py:77")
        await pilot.press("G", "minus")
        await see(pilot, "test_reuse is no longer banned.")
    assert [one.symbol for one in garden.code.choices(garden.projects.projects[0]).pins] == [
        "TokenStore"
    ]


async def test_a_pin_neither_takes_the_cursor_nor_hides_that_nothing_was_found() -> None:
    garden = shop()
    garden.code.pin(garden.projects.projects[0], hits().hits[1].span)
    async with GardenerApp(garden).run_test(notifications=True, size=WIDE) as pilot:
        await searched(pilot)
        pane = pilot.app.screen.query_one(ContextPane)
        assert pane.stack.spot.code.symbol == "Sessions.refresh_token", "the first hit, not the pin"
        garden.index.found = Retrieved((), 0.01)
        await pilot.press("slash", "x", "enter")
        await see(pilot, "Pinned 1", "Found 0", "No code has these words.")
        assert pane.stack.spot is None
        await pilot.press("escape", "k")
        await until(pilot, lambda: pane.stack.spot and pane.stack.spot.code.symbol == "TokenStore")


async def test_pins_are_there_when_the_project_is_selected_again() -> None:
    garden = shop("acme", "beta")
    garden.code.pin(garden.projects.projects[0], hits().hits[0].span)
    async with GardenerApp(garden).run_test(notifications=True, size=WIDE) as pilot:
        await see(pilot, "Pinned 1", "session.py:118")
        await pilot.press("j")
        await see(pilot, "Search beta", "Nothing searched yet.")
        assert "session.py:118" not in screen(pilot)
