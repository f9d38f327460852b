"""The page with the measured quality of search."""

from support.scripted_garden import ScriptedGarden, a_project
from support.showroom import full_garden
from support.waiting import screen, see

from gardener_tui.app import GardenerApp

WIDE = (140, 45)


async def test_the_last_measurement_is_a_table_and_each_figure_says_what_it_is() -> None:
    async with GardenerApp(full_garden()).run_test(notifications=True, size=WIDE) as pilot:
        await see(pilot, "acme-web")
        await pilot.press("3", "M")
        await see(pilot, "words     0.485", "0.441 to 0.530  n 240", "joined    0.541", "static-1")
        await pilot.press("j", "j")
        await see(
            pilot, "Words and meaning together", "static-1 would get the weight 0.5", "+0.048"
        )
        await see(pilot, "projects/acme/retrieval/2026-11-")


async def test_what_was_never_measured_is_measured_by_the_same_key() -> None:
    garden = ScriptedGarden(a_project())
    async with GardenerApp(garden).run_test(notifications=True, size=(80, 24)) as pilot:
        await see(pilot, "acme")
        await pilot.press("3", "M")
        await see(pilot, "has not been measured yet.", "M  measures it")
        assert "gardener bench" not in screen(pilot)
        await pilot.press("M")
        await see(pilot, "Measuring …", "asked 3 of 9")
        garden.index.measured = full_garden().index.measured
        garden.index.measuring.set()
        await see(pilot, "words     0.485")


async def test_one_project_is_measured_at_a_time_and_another_one_is_told_so() -> None:
    garden = ScriptedGarden(a_project("first"), a_project("second"))
    async with GardenerApp(garden).run_test(notifications=True, size=WIDE) as pilot:
        await see(pilot, "first")
        await pilot.press("3", "M")
        await see(pilot, "been measured yet.")
        await pilot.press("M")
        await see(pilot, "asked 3 of 9")
        await pilot.press("1", "j")
        await see(pilot, "/code/second")
        await pilot.press("3", "M")
        await see(pilot, "been measured yet.")
        await pilot.press("M")
        await see(pilot, "first is still being measured; one project at a time.")
        garden.index.measuring.set()
