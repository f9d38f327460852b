"""Switching keeps what was seen, shows what the engine has loaded, and goes back where it fails."""

from dataclasses import replace

from support.scripted_garden import ScriptedGarden, a_project
from support.scripted_switching import LOADED
from support.waiting import screen, see, until, write

from gardener_core.errors import ProjectMissing
from gardener_core.events.index import Retrieved
from gardener_core.events.switch import Switched
from gardener_tui.app import GardenerApp
from gardener_tui.panes.context.lines import QueryLine
from gardener_tui.widgets.banner import Banner


def three() -> ScriptedGarden:
    return ScriptedGarden(
        a_project("acme", adapter="v2"), a_project("blog", adapter="v5"), a_project("cli")
    )


async def test_the_badge_says_what_the_engine_has_loaded_and_nothing_before() -> None:
    garden = three()
    async with GardenerApp(garden).run_test(notifications=True, size=(120, 40)) as pilot:
        await see(pilot, "acme", "adapter v2 chosen · not loaded yet")
        await pilot.press("j")
        await see(
            pilot,
            "coder + v5 on · context 48",
            "▸ coder + v5",
            "index 34 MB · models 412 of 2 400 MB",
        )
        garden.switching.told = [replace(LOADED, base="", not_loaded="battery")]
        await pilot.press("b")
        await see(pilot, "adapter v2 chosen · loads when asked (on battery) · context 48")
        await pilot.press("a")
        await see(pilot, "adapter v2 off · loads when asked (on battery)")
    reports = garden.switching.kept
    assert [(one.before, one.project, one.outcome) for one in reports] == [
        ("id-acme", "id-blog", "ready"),
        ("id-blog", "id-acme", "waiting"),
    ]
    names = [step.name for step in reports[0].steps]
    assert names == ["keep", "show", "read", "index", "model", "verify"]
    assert 0 < reports[0].shown_seconds < reports[0].ready_seconds


async def test_what_was_searched_and_opened_is_there_again() -> None:
    garden = three()
    garden.index.found = Retrieved((), 0.01)
    async with GardenerApp(garden).run_test(notifications=True, size=(160, 45)) as pilot:
        await see(pilot, "acme")
        await pilot.press("slash")
        await write(pilot, "refresh token")
        await pilot.press("enter", "escape", "s")
        await see(pilot, "code only")
        await pilot.press("e")
        await see(pilot, "Context · pinned and banned")
        await pilot.press("1", "j")
        line = pilot.app.screen.query_one(QueryLine)
        await until(pilot, lambda: line.text == "")
        await until(pilot, lambda: "code only" not in screen(pilot))
        await pilot.press("k")
        await see(pilot, "Context · pinned and banned", "code only")
        assert line.text == "refresh token"


async def test_a_project_that_cannot_be_opened_leaves_the_old_one_under_a_banner() -> None:
    garden = three()
    garden.switching.gone["id-blog"] = ProjectMissing(
        "What is kept of blog is not there.", hint="Restore it."
    )
    async with GardenerApp(garden).run_test(notifications=True, size=(120, 40)) as pilot:
        await see(pilot, "acme")
        await pilot.press("4")
        await write(pilot, "half a que")
        await pilot.press("escape", "1", "j")
        await see(
            pilot,
            "blog could not be opened; this is acme, as it was.",
            "Restore it.",
            "half a que",
        )
        await pilot.press("G")
        await see(pilot, "Ask about cli")
        assert not pilot.app.screen.query_one(Banner).has_class("-there")
    assert garden.switching.kept[0].outcome == "failed"


async def test_the_next_key_goes_past_a_project_that_cannot_be_opened() -> None:
    garden = three()
    garden.switching.gone["id-blog"] = ProjectMissing("It is not there.", hint="")
    async with GardenerApp(garden).run_test(notifications=True, size=(120, 40)) as pilot:
        await see(pilot, "acme")
        await pilot.press("j")
        await see(pilot, "this is acme, as it was.", "Ask about acme")
        await pilot.press("j")
        await until(pilot, lambda: garden.switching.kept[-1].project == "id-cli")
        await see(pilot, "Ask about cli")
        await pilot.press("k")
        await until(pilot, lambda: garden.switching.kept[-1].project == "id-acme")
        del garden.switching.gone["id-blog"]
        await pilot.press("P", *"blog", "enter")
        await see(pilot, "Ask about blog")
        await until(pilot, lambda: len(garden.switching.kept) == 4)
        await pilot.press("k", "j")
        await see(pilot, "Ask about blog")


async def test_the_key_that_repairs_is_about_the_project_that_could_not_be_opened() -> None:
    garden = three()
    garden.switching.gone["id-blog"] = ProjectMissing("It is not there.", hint="")
    async with GardenerApp(garden).run_test(notifications=True, size=(120, 40)) as pilot:
        await see(pilot, "acme")
        await pilot.press("j")
        await see(pilot, "this is acme, as it was.")
        await pilot.press("F")
        await see(pilot, "Parts of blog")


async def test_an_adapter_that_does_not_load_is_said_and_tried_again() -> None:
    garden = three()
    without = replace(LOADED, without="Its file is cut.", retry_seconds=0.4)
    garden.switching.told = [without, without]
    async with GardenerApp(garden).run_test(notifications=True, size=(120, 40)) as pilot:
        await see(pilot, "acme")
        await pilot.press("j")
        await see(pilot, "Answering WITHOUT the adapter: Its file is cut.", "coder WITHOUT")
        await see(pilot, "coder + v5 on")
        assert not pilot.app.screen.query_one(Banner).has_class("-there")
    assert [call for call in garden.record.calls if call[0] == "turn"] == [
        ("turn", "id-blog", "v5")
    ] * 3
    assert garden.switching.kept[0].outcome == "without"


async def test_the_report_of_the_last_switches_can_be_opened() -> None:
    garden = three()
    async with GardenerApp(garden).run_test(notifications=True, size=(120, 40)) as pilot:
        await see(pilot, "acme")
        await pilot.press("W")
        await see(pilot, "No switch was made yet")
        await pilot.press("j")
        await see(pilot, "coder + v5 on")
        await pilot.press("W")
        await see(pilot, "acme → blog", "keep", "show", "verify  30 ms", "(coder + v5)")


async def test_the_project_that_is_expected_next_is_made_warm() -> None:
    garden = three()
    garden.switching.expected = garden.projects.projects[2]
    async with GardenerApp(garden).run_test(notifications=True, size=(120, 40)) as pilot:
        await see(pilot, "acme")
        await pilot.press("j")
        await until(pilot, lambda: ("warm", "id-cli") in garden.record.calls)
        await pilot.press("j")
        await until(pilot, lambda: len(garden.switching.kept) == 2)
    assert [one.guess for one in garden.switching.kept] == ["", "id-cli"]


async def test_what_comes_too_late_says_nothing_of_the_project_in_view() -> None:
    garden = three()
    garden.switching.told = [Switched("", (), base="other"), replace(LOADED, adapter="v9")]
    async with GardenerApp(garden).run_test(notifications=True, size=(120, 40)) as pilot:
        await see(pilot, "acme")
        await pilot.press("j", "j", "k", "k")
        await see(pilot, "Ask about acme")
