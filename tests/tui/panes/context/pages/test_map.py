"""The page with the map of the project."""

from support.scripted_garden import ScriptedGarden, a_project
from support.showroom import full_garden
from support.waiting import see, write

from gardener_core.errors import Damaged, Remedy
from gardener_tui.app import GardenerApp

WIDE = (140, 45)


async def test_the_map_shows_signatures_with_their_code_and_leads_on_from_them() -> None:
    garden = full_garden()
    garden.code.texts["src/auth/session.py"] = "class Sessions(Service):\n"
    async with GardenerApp(garden).run_test(notifications=True, size=(80, 24)) as pilot:
        await see(pilot, "acme-web")
        await pilot.press("3", "m")
        text = await see(pilot, "3 symbols of 2 files · 62 tokens", "21.3%  src/auth/session.py")
        assert "92 " in text and "def refresh_token(self, token" in text
        await see(pilot, "class Sessions(Service):")
        await pilot.press("j", "w")
        await see(pilot, "4.30%", "of random walks along")
        await pilot.press("enter")
        await see(pilot, "around refresh_token")
        await pilot.press("backspace", "backspace")
        await see(pilot, "Nothing searched yet.")
    assert ("map", "id-acme-web", "") in garden.record.calls
    assert ("neighbours", "src/auth/session.py", "Sessions.refresh_token", 118) in (
        garden.record.calls
    )


async def test_a_map_that_cannot_be_drawn_says_why_and_is_closed() -> None:
    garden = full_garden()
    garden.index.drawn = Damaged("catalog.db is no database.", remedy=Remedy("repair", "acme-web"))
    async with GardenerApp(garden).run_test(notifications=True, size=WIDE) as pilot:
        await see(pilot, "acme-web")
        await pilot.press("3", "m")
        text = await see(pilot, "catalog.db is no database.", "F checks every part of the project")
        assert "Drawing the map" not in text
        await see(pilot, "Nothing searched yet.")


async def test_the_map_is_drawn_towards_what_is_searched_for() -> None:
    garden = full_garden()
    async with GardenerApp(garden).run_test(notifications=True, size=WIDE) as pilot:
        await see(pilot, "acme-web")
        await pilot.press("slash")
        await write(pilot, "refresh token")
        await pilot.press("escape", "m")
        await see(pilot, "map for refresh token", "3 symbols")
    assert ("map", "id-acme-web", "refresh token") in garden.record.calls


async def test_a_project_without_a_map_says_why() -> None:
    garden = ScriptedGarden(a_project())
    async with GardenerApp(garden).run_test(notifications=True, size=WIDE) as pilot:
        await see(pilot, "acme")
        await pilot.press("3", "m")
        await see(pilot, "There is no code to map in it.")
