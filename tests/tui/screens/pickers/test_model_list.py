"""The models: what is here, what fits, and one key that gets one."""

from support.offers import four_offers
from support.scripted_garden import ScriptedGarden, a_project
from support.waiting import screen, see, until

from gardener_core.garden.model_use import Users
from gardener_tui.app import GardenerApp
from gardener_tui.screens.pickers.model_list import ModelList


def a_garden() -> ScriptedGarden:
    garden = ScriptedGarden(a_project("acme"))
    garden.models.listed = four_offers()
    return garden


async def test_one_key_shows_them_and_one_gets_one() -> None:
    garden = a_garden()
    async with GardenerApp(garden).run_test(notifications=True, size=(120, 40)) as pilot:
        await see(pilot, "acme")
        await pilot.press("m")
        await see(pilot, "Which model?", "● tiny", "○ coder", "94 MiB", "serves, trains")
        await see(pilot, "too big for this machine now", "size ?")
        await see(pilot, "training 1.6 GiB (measured)")
        await pilot.press("down")
        await see(pilot, "94 MiB to get, about 1:12", "hub maker/tiny@0123", "Fills in code.")
        await pilot.press("enter")
        await see(pilot, "◌ coder")
        assert garden.record.calls.count(("pull", "coder")) == 1
        await pilot.press("enter")
        await see(pilot, "coder is being fetched.")
        await pilot.press("n", "o", "v")
        await see(pilot, "recorded when it is first seen", "size is told when it is fetched")
        await pilot.press("escape")
        await until(pilot, lambda: not isinstance(pilot.app.screen, ModelList))


async def test_a_model_is_checked_removed_and_brought_back() -> None:
    garden = a_garden()
    garden.models.needed = Users(("acme",), ("acme v1",))
    async with GardenerApp(garden).run_test(notifications=True, size=(120, 40)) as pilot:
        await see(pilot, "acme")
        await pilot.press("L")
        await see(pilot, "● tiny")
        await pilot.press("ctrl+t")
        await see(pilot, "tiny is damaged: tiny.gguf is not as it was written")
        await pilot.press("ctrl+x")
        await see(pilot, "Remove tiny?", "The projects acme and the adapters acme v1 need it")
        await pilot.press("n")
        assert "remove model" not in garden.record.names()
        await pilot.press("ctrl+x", "y")
        await see(pilot, "tiny is in the trash for 7 days.")
        assert ("remove model", "tiny", True) in garden.record.calls
        await pilot.press("u")
        await see(pilot, "tiny is back.")
        await pilot.press("m", "down", "ctrl+x")
        await see(pilot, "Only a model that is here can be removed.")


async def test_m_still_means_the_map_in_the_context_pane() -> None:
    async with GardenerApp(a_garden()).run_test(size=(140, 45)) as pilot:
        await see(pilot, "acme")
        await pilot.press("3", "m")
        await pilot.pause()
        assert not isinstance(pilot.app.screen, ModelList)
        assert "Which model?" not in screen(pilot)
