from dataclasses import replace

from support.scripted_garden import ScriptedGarden, a_project
from support.waiting import see, until

from gardener_core.errors import EngineLost
from gardener_core.keeping.adapters import Adapter
from gardener_core.keeping.runs import Run
from gardener_tui.app import GardenerApp
from gardener_tui.panes.projects import ProjectsPane


async def test_a_garden_without_projects_says_which_key_helps() -> None:
    async with GardenerApp(ScriptedGarden()).run_test(notifications=True, size=(80, 24)) as pilot:
        await see(pilot, "No project yet.", "n  adds a folder")


async def test_projects_show_state_files_adapter_and_facts() -> None:
    garden = ScriptedGarden(
        a_project("acme", adapter="v3", files=1204, chunks=18331, languages=("python", "sql")),
        a_project("legacy", state="new", files=1),
    )
    garden.adapters.adapters = [Adapter("id-acme", "v3", "seedling", "r", 1.0, 318_000)]
    async with GardenerApp(garden).run_test(notifications=True, size=(140, 45)) as pilot:
        text = await see(pilot, "● acme  v3", "ready · 1 204 files", "○ legacy")
        for fact in (
            "not indexed · 1 file",
            "18 331",
            "python, sql",
            "● v3  311 KiB",
            "/code/acme",
        ):
            assert fact in text


async def test_a_live_run_is_the_state_of_its_project() -> None:
    garden = ScriptedGarden(a_project())
    garden.runs.put(Run("r", "train", "id-acme", 1.0, "running", 30, 120), [])
    async with GardenerApp(garden).run_test(notifications=True, size=(80, 24)) as pilot:
        await see(pilot, "training 25%", "● 1 run going on")


async def test_a_change_by_another_process_is_shown_and_the_selection_stays() -> None:
    garden = ScriptedGarden(a_project("beta"), a_project("zeta"))
    app = GardenerApp(garden)
    async with app.run_test(notifications=True, size=(80, 24)) as pilot:
        await see(pilot, "zeta")
        await pilot.press("j")
        await see(pilot, "gardener  zeta")
        garden.projects.projects.insert(0, a_project("alpha"))
        garden.projects.projects[2] = replace(garden.projects.projects[2], files=77)
        garden.changed += 1
        await see(pilot, "alpha", "ready · 77 files", "gardener  zeta")
        selected = app.screen.query_one(ProjectsPane).selected
        assert selected is not None and selected.name == "zeta"


async def test_a_lost_engine_is_told_once_and_looked_for_again() -> None:
    class Lost(ScriptedGarden):
        lost = True

        def changes(self) -> int:
            if self.lost:
                raise EngineLost("The database is away.", hint="Look at the disk.")
            return 1

    garden = Lost(a_project())
    app = GardenerApp(garden)
    async with app.run_test(notifications=True, size=(80, 24)) as pilot:
        await see(pilot, "The database is away.", "Look at the disk.")
        garden.lost = False
        await see(pilot, "● acme")
        assert len(app._notifications) == 1


async def test_enter_opens_a_ready_project_and_indexes_a_new_one() -> None:
    garden = ScriptedGarden(a_project("old"), a_project("young", state="new"))
    app = GardenerApp(garden)
    async with app.run_test(notifications=True, size=(140, 45)) as pilot:
        await see(pilot, "young")
        await pilot.press("enter")
        await until(pilot, lambda: app.screen.query_one("#prompt").has_focus)
        await pilot.press("escape", "1", "G", "enter")
        await until(pilot, lambda: ("index", "id-young") in garden.record.calls)
        assert ("index", "id-old") not in garden.record.calls
