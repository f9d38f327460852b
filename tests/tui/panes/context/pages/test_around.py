"""The page of neighbours, and the way there and back."""

from support.searching import searched, shop
from support.waiting import notices, see, until

from gardener_core.events.parts import CodeSpan
from gardener_core.graph.neighbours import Group, Neighbour, Neighbours
from gardener_tui.app import GardenerApp
from gardener_tui.panes.context.pane import ContextPane

WIDE = (140, 45)


async def test_a_key_leads_around_a_hit_and_another_back() -> None:
    garden = shop()
    async with GardenerApp(garden).run_test(notifications=True, size=WIDE) as pilot:
        await searched(pilot)
        await pilot.press("c")
        text = await see(pilot, "around refresh_token", "Called by 2", "33▸")
        for told in ("Held by 1", "Built on 1", "class Service", "● src/api/tokens.py:31", "sure"):
            assert told in text, told
        assert "Built on it" not in text, "an empty group of classes is no news"
        assert "likely" in text
        await pilot.press("G")
        await see(pilot, "No test was found")
        await pilot.press("backspace")
        await see(pilot, "3 hits", "118 def refresh_token")
        await pilot.press("h")
        context = pilot.app.screen.query_one(ContextPane)
        await until(pilot, lambda: context.stack.spot.code.symbol == "Sessions")
        await pilot.press("left", "left")
        await see(pilot, "3 hits", "118 def refresh_token")
        assert notices(pilot) == [], "nothing to go back to is no news"


async def test_a_key_with_nothing_to_lead_to_says_so_and_leads_nowhere() -> None:
    garden = shop()
    async with GardenerApp(garden).run_test(notifications=True, size=WIDE) as pilot:
        await searched(pilot)
        await pilot.press("j")
        for key, told in (
            ("c", "No call was found, which does not say that there is none."),
            ("d", "No call into this project was found."),
            ("v", "No test was found that calls it."),
        ):
            await pilot.press(key)
            await see(pilot, told)
            pane = pilot.app.screen.query_one(ContextPane)
            assert pane.stack.page is pane.search
        assert pilot.app.screen.query_one(ContextPane).stack.spot.code.symbol == "TokenStore"


async def test_a_class_shows_its_members() -> None:
    garden = shop()
    member = Neighbour(
        CodeSpan("src/auth/store.py", "TokenStore.put", "method", "python", 46, 49), "plain"
    )
    none = Group((), 0)
    garden.code.around["TokenStore"] = Neighbours(
        "src/auth/store.py", "TokenStore", none, none, none, none, none, none, Group((member,), 1)
    )
    async with GardenerApp(garden).run_test(notifications=True, size=WIDE) as pilot:
        await searched(pilot)
        await pilot.press("j", "enter")
        text = await see(pilot, "Holds 1", "TokenStore.put")
        assert text.index("Held by") < text.index("Holds 1") < text.index("Called by")
