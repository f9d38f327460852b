"""The rows are looked through by keys: the flow, the list, one of them with its mask."""

from pathlib import Path

import pytest
from support.scripted_data import a_row, write_rows
from support.scripted_garden import ScriptedGarden, a_project
from support.waiting import see, until

from gardener_core.events.run import Failed, Finished, PhaseAdvanced
from gardener_tui.app import GardenerApp
from gardener_tui.screens.rows.screen import RowsScreen

ROWS = [
    a_row("code", "file", "pkg/garden.py", "pkg/garden.py\n", "def water(bed):\n", "water"),
    a_row("docs", "doc_to_code", "pkg/bed.py", "def dig(bed):", " return bed.dug", "dig"),
    a_row("answers", "doc", "pkg/bed.py", "what does dig do", "It digs. [1]", "dig"),
]


@pytest.fixture
def garden(tmp_path: Path) -> ScriptedGarden:
    garden = ScriptedGarden(a_project())
    garden.data.folder = write_rows(tmp_path / "rows", ROWS)
    return garden


@pytest.mark.parametrize("size", [(80, 24), (140, 45)])
async def test_flow_list_and_one_row(garden: ScriptedGarden, size: tuple[int, int]) -> None:
    app = GardenerApp(garden)
    async with app.run_test(notifications=True, size=size) as pilot:
        await see(pilot, "acme")
        await pilot.press("2", "D")
        await see(pilot, "collect", "held out 2", "copy of held-out code", "answers")
        await pilot.press("tab")
        await see(pilot, "3 rows", "doc_to_code", "⟦def water(bed):", "pkg/garden.py:3-9", "abc123")
        await pilot.press("j")
        await see(pilot, "def dig(bed):⟦ return bed.dug⟧")
        await pilot.press("s", "s")
        await see(pilot, "1 rows of answers", "It digs. [1]⟧")
        await pilot.press("escape")
        await until(pilot, lambda: not isinstance(app.screen, RowsScreen))


async def test_a_symbol_is_rejected_and_an_error_is_told(garden: ScriptedGarden) -> None:
    garden.data.missing.add("pkg/bed.py::dig")
    app = GardenerApp(garden)
    async with app.run_test(notifications=True, size=(100, 30)) as pilot:
        await see(pilot, "acme")
        await pilot.press("2", "D", "tab")
        await see(pilot, "⟦def water")
        await pilot.press("minus")
        await see(pilot, "pkg/garden.py::water is rejected; R prepares")
        assert ("choose", "pkg/garden.py::water", False) in garden.record.calls
        await pilot.press("j")
        await see(pilot, "⟦ return bed.dug")
        await pilot.press("plus")
        await see(pilot, "There is no file pkg/bed.py::dig")


async def test_what_was_left_out_is_listed_and_accepted(garden: ScriptedGarden) -> None:
    app = GardenerApp(garden)
    async with app.run_test(notifications=True, size=(80, 24)) as pilot:
        await see(pilot, "acme")
        await pilot.press("2", "D", "tab", "tab")
        await see(pilot, "✖ vendor/theirs.py  vendored", "✔ pkg/garden.py::water")
        await pilot.press("plus")
        await see(pilot, "vendor/theirs.py is accepted")
        await pilot.press("j", "minus")
        await see(pilot, "pkg/garden.py::water is rejected")
        assert ("choose", "vendor/theirs.py", True) in garden.record.calls


async def test_rows_are_prepared_by_a_key(garden: ScriptedGarden, tmp_path: Path) -> None:
    folder, garden.data.folder = garden.data.folder, None
    app = GardenerApp(garden)
    async with app.run_test(notifications=True, size=(100, 30)) as pilot:
        await see(pilot, "acme")
        await pilot.press("2", "D")
        await see(pilot, "No rows were prepared yet. R prepares them.")
        await pilot.press("R")
        await until(pilot, lambda: garden.runs.runs and garden.runs.runs[0].kind == "data")
        run = garden.runs.runs[0]
        garden.runs.tell(run.id, PhaseAdvanced("preparing", 3, 9, "files"))
        await see(pilot, "preparing 3 of 9 files")
        garden.data.folder = folder
        garden.runs.tell(run.id, Finished(1.0))
        await see(pilot, "copy of held-out code")
        garden.runs.next_script = [Failed("nothing_to_learn", "The project is too small.", "")]
        await pilot.press("R")
        await see(pilot, "✖ The project is too small.")
