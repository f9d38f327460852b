"""The models: what is here, what fits, and one key that gets one."""

from support.offers import an_offer, four_offers
from support.scripted_garden import ScriptedGarden, a_project
from support.waiting import screen, see, until

from gardener_core.events.pull import Pulled
from gardener_core.events.run import Failed, Finished, Started
from gardener_core.garden.base_models.use import Users
from gardener_core.models.catalogue.entry import CODER
from gardener_core.store.garden.runs import Run
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


async def test_a_pull_that_failed_is_said_in_its_row() -> None:
    garden = a_garden()
    garden.models.listed = [an_offer("coder", failure="No source gave coder.")]
    async with GardenerApp(garden).run_test(size=(120, 40)) as pilot:
        await see(pilot, "acme")
        await pilot.press("m")
        await see(pilot, "✖ coder", "was not fetched", "No source gave coder.")


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


async def test_where_no_source_gave_the_starter_it_is_said_and_the_screen_goes_on() -> None:
    garden = a_garden()
    garden.models.starter = Run("s", "pull", "", 1.0, "running")
    told = Failed("pull-failed", "No source gave smollm2-135m. hub (x): no route.", "Try again.")
    garden.runs.put(garden.models.starter, [Started(), told])
    async with GardenerApp(garden).run_test(notifications=True, size=(140, 45)) as pilot:
        await see(pilot, "The starter could not be fetched", "L tries again", "no route")
        await see(pilot, "acme")


async def test_the_coder_is_named_once_the_starter_is_here_and_only_where_it_fits() -> None:
    garden = a_garden()
    garden.models.starter = Run("s", "pull", "", 1.0, "running")
    here = Pulled("smollm2-135m", "/m", 98_362_432, "ab" * 32, "hub", 98_362_432, 3.0)
    garden.runs.put(garden.models.starter, [Started(), here, Finished(3.0)])
    garden.models.listed.append(an_offer(CODER, title="The Coder"))
    async with GardenerApp(garden).run_test(notifications=True, size=(140, 45)) as pilot:
        await see(pilot, "smollm2-135m is here", "The Coder (94 MiB) fits this machine")
        assert "pull" not in garden.record.names(), "nothing is fetched that was not asked for"
        await pilot.press("L")
        await see(pilot, "The Coder   A Maker")
        await pilot.press("enter")
        await until(pilot, lambda: ("pull", CODER) in garden.record.calls)
