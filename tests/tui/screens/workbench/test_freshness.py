"""The selected project is watched, and what its watch reports is shown."""

from support.scripted_garden import ScriptedGarden, a_project
from support.waiting import see, until

from gardener_core.events.index import Stale, Watching
from gardener_core.events.run import Noted
from gardener_tui.app import GardenerApp


async def test_the_selected_project_is_watched_and_what_changed_is_said() -> None:
    garden = ScriptedGarden(a_project("acme"), a_project("beta", state="new"))
    slow = Watching("id-acme", True, "it has more than 8,000 folders")
    garden.index.seen = [slow, Stale("id-acme", 70)]
    app = GardenerApp(garden)
    async with app.run_test(notifications=True, size=(140, 45)) as pilot:
        await see(pilot, "now and then", "8,000", "70 files of acme changed")
        assert ("watch", "id-acme") in garden.record.calls
        assert ("index", "id-acme") not in garden.record.calls, "the core starts the run"
        await pilot.press("j")
        await until(pilot, lambda: ("watch ended", "id-acme") in garden.record.calls)
        assert ("watch", "id-beta") not in garden.record.calls


async def test_what_the_watch_notes_is_told() -> None:
    garden = ScriptedGarden(a_project("acme"))
    garden.index.seen = [Noted("It is not there.")]
    async with GardenerApp(garden).run_test(notifications=True, size=(140, 45)) as pilot:
        await see(pilot, "acme: It is not there.")
