"""The sheet that adds a folder."""

from dataclasses import replace
from pathlib import Path

import pytest
from support.scripted_garden import ScriptedGarden, a_project
from support.waiting import see, until, write
from textual.widgets import Input

from gardener_core.events.index import FilesRead, Surveyed
from gardener_core.events.parts import LanguageCount
from gardener_core.events.run import Finished, Started
from gardener_core.store.garden.runs import Run
from gardener_tui.app import GardenerApp
from gardener_tui.screens.sheets.add_project import AddProject, first_folder, offered_folder


async def test_n_adds_a_folder_and_selects_it(tmp_path: Path) -> None:
    (tmp_path / "zebra").mkdir()
    garden = ScriptedGarden(a_project())
    garden.runs.next_script = [Started(), FilesRead(40, 90)]
    app = GardenerApp(garden)
    async with app.run_test(notifications=True, size=(140, 45)) as pilot:
        await see(pilot, "acme")
        await pilot.press("n")
        await see(pilot, "Which folder is the project?", "enter Add  tab Complete  esc Leave")
        await write(pilot, f"{tmp_path}/zeb")
        await until(pilot, lambda: app.screen.query_one(Input)._suggestion.endswith("zebra/"))
        await pilot.press("tab", "enter")
        await see(pilot, "gardener  zebra", "zebra is added and is being indexed.")
        assert ("add", tmp_path / "zebra") in garden.record.calls
        await see(pilot, "● reading", "files 40/90", "44%")
        assert ("survey, then index", "id-zebra") in garden.record.calls
        counted = (LanguageCount("python", 88, 7000, 250_000),)
        surveyed = Surveyed(90, 7100, 260_000, counted, (), (), 0.4)
        garden.runs.tell("run-1", surveyed, Finished(0.5))
        garden.runs.runs[0] = replace(garden.runs.find("run-1"), state="finished")
        index = Run("run-2", "index", "id-zebra", 3.0, "running")
        garden.runs.put(index, [Started(), FilesRead(10, 90)])
        garden.changed += 1
        await see(pilot, "● indexing", "files 10/90")
        await see(pilot, "● 1 run going on")
        await pilot.press("2", "left_square_bracket")
        await see(pilot, "90 files, 7 100 lines, 254 KiB: python; 0.4 s")


async def test_what_is_wrong_is_said_in_the_sheet(tmp_path: Path) -> None:
    app = GardenerApp(ScriptedGarden())
    async with app.run_test(notifications=True, size=(140, 45)) as pilot:
        await pilot.press("n")
        await see(pilot, "Which folder")
        await write(pilot, "/no/such")
        await pilot.press("enter")
        await see(pilot, "✖ /no/such is not a folder.", "Choose a folder with code.")
        assert isinstance(app.screen, AddProject)
        await pilot.press("escape")
        await until(pilot, lambda: not isinstance(app.screen, AddProject))


def test_folders_are_completed_as_they_were_begun(tmp_path: Path) -> None:
    for name in (".hidden", "bad\x1b[2J", "code", "core"):
        (tmp_path / name).mkdir()
    (tmp_path / "coda").write_text("a file")
    assert first_folder(f"{tmp_path}/co") == f"{tmp_path}/code/"
    assert first_folder(f"{tmp_path}/.h") == f"{tmp_path}/.hidden/"
    assert first_folder(f"{tmp_path}/") == f"{tmp_path}/code/"
    assert first_folder(f"{tmp_path}/bad") is None
    assert first_folder(f"{tmp_path}/none/x") is None
    assert first_folder("") is None


def test_the_current_folder_is_offered_where_it_may_be_meant(tmp_path: Path) -> None:
    home = tmp_path / "home"
    code = home / "code" / "acme"
    assert offered_folder(code, home, ()) == "~/code/acme"
    assert offered_folder(tmp_path / "srv", home, ()) == f"{tmp_path}/srv"
    assert offered_folder(home, home, ()) == ""
    assert offered_folder(Path("/"), home, ()) == ""
    assert offered_folder(code, home, [code]) == "", "it is a project already"
    assert offered_folder(home / "bad\x1b[2J", home, ()) == ""


async def test_enter_adds_the_current_folder_and_a_letter_replaces_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    garden = ScriptedGarden()
    app = GardenerApp(garden)
    async with app.run_test(size=(140, 45)) as pilot:
        await see(pilot, "Welcome.")
        await pilot.press("n")
        await until(pilot, lambda: isinstance(app.screen, AddProject))
        await until(pilot, lambda: app.screen.query_one(Input).value == str(tmp_path))
        await pilot.press("x")
        await until(pilot, lambda: app.screen.query_one(Input).value == "x")
        await pilot.press("escape", "n")
        await until(pilot, lambda: isinstance(app.screen, AddProject))
        await pilot.press("enter")
        await until(pilot, lambda: ("add", tmp_path) in garden.record.calls)
        await see(pilot, "1 Projects", tmp_path.name[:20])
