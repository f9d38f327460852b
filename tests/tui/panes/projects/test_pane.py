"""The projects pane: the list, states of indexes, facts."""

import threading
from dataclasses import replace

from support.scripted_garden import Record, ScriptedGarden, ScriptedProjects, a_project
from support.waiting import notices, screen, see, until

from gardener_core.errors import EngineLost
from gardener_core.events.index import Refreshed
from gardener_core.events.run import Died, PhaseAdvanced
from gardener_core.garden.index import Health
from gardener_core.store.garden.adapters import Adapter
from gardener_core.store.garden.projects import Project
from gardener_core.store.garden.runs import Run
from gardener_tui.app import GardenerApp
from gardener_tui.panes.projects.pane import ProjectList, ProjectsPane


async def test_a_garden_without_projects_welcomes_with_three_steps() -> None:
    async with GardenerApp(ScriptedGarden()).run_test(notifications=True, size=(80, 24)) as pilot:
        await see(
            pilot, "Welcome.", "1  n  Add a project", "2  /  Search it", "3  t  Train an adapter"
        )
        assert "Nothing asked yet" not in screen(pilot)


async def test_a_list_that_was_lost_is_no_garden_without_projects() -> None:
    garden = ScriptedGarden()
    garden.projects.lost = ["web", "shop"]
    async with GardenerApp(garden).run_test(notifications=True, size=(80, 24)) as pilot:
        text = await see(pilot, "The list of projects was lost", "web, shop")
        assert "F  makes the list again" in text and "Welcome." not in text


async def test_projects_show_state_files_adapter_and_facts() -> None:
    garden = ScriptedGarden(
        a_project("acme", adapter="v3", files=1204, chunks=18331, languages=("python", "sql")),
        a_project("legacy", state="new", files=1),
    )
    garden.adapters.adapters = [Adapter("id-acme", "v3", "seedling", "r", 1.0, 318_000)]
    async with GardenerApp(garden).run_test(notifications=True, size=(140, 45)) as pilot:
        text = await see(pilot, "● acme  v3", "ready · 1 204 files", "○ legacy")
        for fact in (
            "not indexed · I reads it",
            "18 331",
            "python, sql",
            "● v3 ▲ 311 KiB",
            "/code/acme",
        ):
            assert fact in text


async def test_a_live_run_is_the_state_of_its_project() -> None:
    garden = ScriptedGarden(a_project())
    garden.runs.put(Run("r", "train", "id-acme", 1.0, "running", 30, 120), [])
    async with GardenerApp(garden).run_test(notifications=True, size=(80, 24)) as pilot:
        await see(pilot, "training 25%", "● 1 run going on")


async def test_a_run_that_waits_hides_none_that_works_and_the_part_is_named() -> None:
    garden = ScriptedGarden(a_project())
    garden.runs.put(Run("r", "train", "id-acme", 1.0, "running", 0, 120), [])
    garden.runs.put(Run("q", "train", "id-acme", 2.0, "queued"), [])
    garden.runs.put(Run("p", "export", "id-acme", 3.0, "paused"), [])
    garden.runs.phases = {"r": PhaseAdvanced("scoring before", 40, 100, "tokens")}
    garden.runs.subjects = {"r": "v1", "q": "v2"}
    async with GardenerApp(garden).run_test(notifications=True, size=(140, 45)) as pilot:
        await see(pilot, "scoring 40%", "2 Training · v1 · train acme")


async def test_each_state_of_an_index_has_a_sign_a_word_and_the_key_that_mends_it() -> None:
    garden = ScriptedGarden(
        a_project("building", state="indexing"), a_project("changed"),
        a_project("cut", state="new"), a_project("gone"), a_project("held"), a_project("lost"),
        a_project("well"),
    )  # fmt: skip
    garden.runs.put(Run("r1", "index", "id-building", 1.0, "running", 43, 100), [])
    garden.runs.put(Run("r2", "index", "id-held", 1.0, "paused", 1, 4), [])
    garden.runs.put(Run("r3", "index", "id-cut", 1.0, "died"), [Died("killed")])
    garden.index.healths = {
        "id-changed": Health(2048, 3),
        "id-gone": Health(0, 0, "its folder is not there", "folder"),
        "id-lost": Health(0, 0, "its index is not there", "index"),
        "id-well": Health(9_000_000, 0),
    }
    wanted = (
        "● building\n  indexing 43%", "◐ changed\n  3 stale · I reads them",
        "✖ cut\n  index died · I resumes", "✖ gone\n  broken · D removes it",
        "❚❚ held\n   paused 25% · p resumes", "✖ lost\n  broken · I rebuilds it",
        "● well\n  ready · 12 files",
    )  # fmt: skip
    async with GardenerApp(garden).run_test(notifications=True, size=(140, 45)) as pilot:

        def listed() -> str:
            rows = screen(pilot).split("\n")
            return " ".join(row[1:29] for row in rows)

        await until(pilot, lambda: all(_flat(text) in _flat(listed()) for text in wanted))
        await pilot.press("G")
        await see(pilot, "on disk  8.6 MiB", "state    ready")
        garden.runs.runs[0:] = [run for run in garden.runs.runs if run.id != "r1"]
        garden.runs.put(Run("r1", "index", "id-building", 1.0, "running", 80, 100), [])
        await see(pilot, "indexing 80%")


async def test_a_wide_list_has_a_line_a_project_with_languages_and_size() -> None:
    garden = ScriptedGarden(a_project("acme", adapter="v3", languages=("python", "sql")))
    garden.index.healths["id-acme"] = Health(5_000_000, 0)
    async with GardenerApp(garden).run_test(notifications=True, size=(80, 24)) as pilot:
        await see(pilot, "4.8 MiB", "ready")
        (row,) = (row for row in screen(pilot).split("\n") if "● " in row and "acme v3" in row)
        words = ["●", "acme", "v3", "ready", "12", "files", "4.8", "MiB", "python,", "sql"]
        assert row.strip("│ ").split() == words


async def test_an_index_is_looked_at_again_when_its_files_were_read() -> None:
    garden = ScriptedGarden(a_project("acme"))
    garden.index.healths["id-acme"] = Health(1024, 2)
    async with GardenerApp(garden).run_test(notifications=True, size=(140, 45)) as pilot:
        await see(pilot, "2 stale · I reads them")
        garden.index.healths["id-acme"] = Health(1024, 0)
        garden.index.seen = [Refreshed("id-acme", 2, 0, 0.1)]
        pilot.app.screen._watched = ""
        garden.changed += 1
        await see(pilot, "ready · 12 files")


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
        await see(pilot, "alpha", "77 files", "gardener  zeta")
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
        assert len(notices(pilot)) == 1


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


def _flat(text: str) -> str:
    """The words of a text, whatever stands between them."""
    return " ".join(text.split())


async def test_a_key_counts_though_the_list_is_filled_before_it_was_told() -> None:
    garden = ScriptedGarden(a_project("acme"), a_project("beta"), a_project("core"))
    async with GardenerApp(garden).run_test(notifications=True, size=(140, 45)) as pilot:
        await see(pilot, "Search acme")
        pane = pilot.app.screen.query_one(ProjectsPane)
        pilot.app.screen.query_one(ProjectList).action_cursor_down()
        pane.on_resize()  # fills it, as what is seen of an index does
        await see(pilot, "Search beta")
        await pilot.press("j")
        await see(pilot, "Search core")


class HeldProjects(ScriptedProjects):
    """Tells once, when it is let go, what there was when it was asked."""

    hold = False

    def __init__(self, record: Record, projects: list[Project]) -> None:
        super().__init__(record, projects)
        self.held, self.let_go = threading.Event(), threading.Event()

    def all(self) -> list[Project]:
        listed = super().all()
        if self.hold:
            self.hold = False
            self.held.set()
            self.let_go.wait(30)
        return listed


async def test_what_was_read_before_what_is_shown_is_not_shown() -> None:
    garden = ScriptedGarden(a_project("acme"))
    garden.projects = held = HeldProjects(garden.record, garden.projects.projects)
    async with GardenerApp(garden).run_test(notifications=True, size=(140, 45)) as pilot:
        await see(pilot, "Search acme")
        held.hold = True
        garden.changed += 1
        await until(pilot, held.held.is_set)
        held.projects.append(a_project("beta"))
        pilot.app.screen.reload("id-beta")
        await see(pilot, "Search beta", "2 projects")
        held.let_go.set()
        # The next look comes after the one that was held; had that been shown, beta would have
        # been gone for a moment, and the selection with it.
        held.projects[0] = replace(held.projects[0], files=77)
        garden.changed += 1
        text = await see(pilot, "77 files")
        assert "2 projects" in text and "Search beta" in text
