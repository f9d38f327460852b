"""The keys that act on projects."""

from support.scripted_garden import ScriptedGarden, a_project
from support.waiting import see, until, write
from textual.widgets import Input

from gardener_core.evaluation.held_out import HeldOut
from gardener_core.store.garden.adapters import Adapter
from gardener_core.store.garden.runs import Run
from gardener_tui.app import GardenerApp
from gardener_tui.screens.pickers.pick_box import Choice, matching
from gardener_tui.screens.pickers.picker import Picker
from gardener_tui.screens.sheets.confirm import Confirm
from gardener_tui.widgets.plain_text import styled


async def test_a_removal_is_asked_for_and_u_takes_it_back() -> None:
    garden = ScriptedGarden(a_project("acme"), a_project("beta"))
    garden.runs.put(Run("r", "train", "id-acme", 1.0, "running"), [])
    app = GardenerApp(garden)
    async with app.run_test(notifications=True, size=(80, 24)) as pilot:
        await see(pilot, "beta")
        await pilot.press("D")
        await see(pilot, "Remove acme?", "Its runs are stopped.", "trash for seven days")
        await pilot.press("enter")
        await until(pilot, lambda: not isinstance(app.screen, Confirm))
        assert "remove" not in garden.record.names(), "enter is at the safe answer first"
        await pilot.press("D")
        await until(pilot, lambda: isinstance(app.screen, Confirm))
        await pilot.press("tab", "enter")
        await see(pilot, "acme is in the trash for 7 days.  u undo", "gardener  beta")
        await pilot.press("u")
        await see(pilot, "acme is back.", "gardener  acme")
        await pilot.press("u")
        await see(pilot, "There is nothing to undo.")
    assert ("restore", "id-acme") in garden.record.calls


async def test_a_new_name_is_asked_for_refused_taken_and_undone() -> None:
    garden = ScriptedGarden(a_project("acme"), a_project("beta"))
    app = GardenerApp(garden)
    async with app.run_test(notifications=True, size=(80, 24)) as pilot:
        await see(pilot, "beta")
        await pilot.press("R")
        await see(pilot, "Rename the project", "enter Take  esc Leave")
        line = app.screen.query_one(Input)
        assert line.value == "acme"
        line.value = ""
        await write(pilot, "beta")
        await pilot.press("enter")
        await see(pilot, "✖ The name 'beta' is taken.", "Choose another one.")
        await pilot.press("2", "enter")
        await see(pilot, "acme is now called beta2.  u undo", "gardener  beta2")
        await pilot.press("u")
        await see(pilot, "acme has its name again.", "gardener  acme")


async def test_a_project_is_found_by_a_few_letters_and_b_goes_back() -> None:
    garden = ScriptedGarden(a_project("acme-web"), a_project("billing"), a_project("infra"))
    async with GardenerApp(garden).run_test(notifications=True, size=(80, 24)) as pilot:
        await see(pilot, "gardener  acme-web")
        await pilot.press("P")
        await see(pilot, "Which one?", "/code/billing")
        await pilot.press("i", "n", "f", "enter")
        await see(pilot, "gardener  infra")
        await pilot.press("b")
        await see(pilot, "gardener  acme-web")
        await pilot.press("b")
        await see(pilot, "gardener  infra")


async def test_the_list_is_walked_while_one_writes_and_escape_chooses_nothing() -> None:
    garden = ScriptedGarden(a_project("acme"), a_project("beta"), a_project("zeta"))
    app = GardenerApp(garden)
    async with app.run_test(notifications=True, size=(80, 24)) as pilot:
        await see(pilot, "gardener  acme")
        await pilot.press("P", "e", "t", "a", "down", "enter")
        await see(pilot, "gardener  zeta")
        await pilot.press("P", "q", "q")
        await see(pilot, "No match.")
        await pilot.press("enter", "escape")
        await until(pilot, lambda: not isinstance(app.screen, Picker))
        await see(pilot, "gardener  zeta")


def test_what_begins_with_the_letters_comes_first() -> None:
    choices = [Choice(name, styled(name), name) for name in ("web-acme", "acme", "other")]
    assert [choice.id for choice in matching(choices, "acm")] == ["acme", "web-acme"]
    assert matching(choices, " ") == choices


async def test_repair_checks_every_part_and_tells_what_was_found_and_done() -> None:
    garden = ScriptedGarden(a_project("acme"))
    app = GardenerApp(garden)
    async with app.run_test(notifications=True, size=(80, 24)) as pilot:
        await see(pilot, "acme")
        await pilot.press("F")
        await see(pilot, "Parts of acme", "✔ folder  Whole.", "▲ index  The table was lost.")
        await see(pilot, "All files are read again.")
        await pilot.press("escape")
        await until(pilot, lambda: len(app.screen_stack) == 1)
    assert ("repair", "id-acme") in garden.record.calls


async def test_an_adapter_is_chosen_from_the_list() -> None:
    garden = ScriptedGarden(a_project("acme", adapter="v2"))
    garden.adapters.adapters = [
        Adapter("id-acme", version, "seedling", f"r-{version}", 1.0, 318_000, "passed")
        for version in ("v2", "v1")
    ]
    garden.adapters.scores = {"r-v2": HeldOut(2.4934, 2.09, 26)}
    app = GardenerApp(garden)
    async with app.run_test(notifications=True, size=(80, 24)) as pilot:
        await see(pilot, "acme")
        await pilot.press("A")
        await see(pilot, "Adapters of acme", "● v2", "○ v1", "2.493 → 2.090 (-16.2%)")
        await pilot.press("down", "enter")
        await see(pilot, "Adapter v1 of acme answers now.")
    assert ("use", "id-acme", "v1") in garden.record.calls
