"""What the keys do with projects."""

import time
from typing import assert_never

from gardener_core.store.garden.projects import Project
from gardener_core.upkeep.repaired import Repaired
from gardener_tui import keymap, toasts
from gardener_tui.messages import ProjectSheet
from gardener_tui.panes.background import call
from gardener_tui.remedies import advice
from gardener_tui.screens.cards.actions import CardActions
from gardener_tui.screens.pickers.project_list import project_picker
from gardener_tui.screens.sheets.add_project import AddProject
from gardener_tui.screens.sheets.confirm import Confirm
from gardener_tui.screens.sheets.line import LineSheet
from gardener_tui.screens.sheets.report import Finding, Report
from gardener_tui.screens.versions.actions import VersionActions
from gardener_tui.screens.versions.exporting import ExportActions
from gardener_tui.screens.workbench.host import Host
from gardener_tui.screens.workbench.undo import Undoable, UndoStack
from gardener_tui.widgets.wording import days


class ProjectActions:
    """Adds, selects, renames, repairs and removes projects."""

    def __init__(self, host: Host, undo: UndoStack) -> None:
        self._host = host
        self._undo = undo
        self._cards = CardActions(host)
        self._versions = VersionActions(host, undo, self._cards)
        self._exports = ExportActions(host)
        self._selected = self._before = ""  # ids
        self._unopened: Project | None = None

    def selected(self, project: Project | None) -> None:
        """Remember which project was selected before this one."""
        now = project.id if project else ""
        if now != self._selected:
            self._before, self._selected = self._selected, now
            self._unopened = None

    def could_not_open(self, project: Project) -> None:
        """Remember what the key that repairs is about until another project is selected."""
        self._unopened = project

    def open(self, sheet: ProjectSheet) -> None:
        """Open a sheet about the selected project or its adapter."""
        match sheet:
            case "rename":
                self.rename()
            case "remove":
                self.remove()
            case "score":
                self._cards.score()
            case "card" | "learned":
                self._cards.show(sheet)
            case "roll back":
                self._versions.roll_back()
            case "deploy":
                self._versions.deploy()
            case "export":
                self._exports.export()
            case "compare":
                self._cards.compare()
            case "vote":
                self._cards.vote()
            case _ as never:
                assert_never(never)

    def add(self) -> None:
        """Add a project, and index it as the command line does."""
        self._host.start("add", self._add)

    async def _add(self) -> None:
        host = self._host
        known = [project.path for project in host.overview.projects]
        project = await host.app.push_screen_wait(AddProject(host.garden, known))
        if project is not None:
            host.reload(project.id)
            host.training.requests.survey_and_index(project)
            toasts.show(host.app, f"{project.name} is added and is being indexed.")

    def rename(self) -> None:
        """Give the selected project another name."""
        self._host.start("rename", self._rename)

    async def _rename(self) -> None:
        host, old = self._host, self._host.needed_project()
        if old is None:
            return
        sheet = LineSheet[Project](
            "Rename the project",
            "The folder keeps its name.",
            old.name,
            lambda name: host.garden.projects.rename(old, name),
        )
        new = await host.app.push_screen_wait(sheet)
        if new is None or new.name == old.name:
            return

        def undo() -> str:
            return host.garden.projects.rename(new, old.name).id

        message = f"{old.name} is now called {new.name}."
        self._undo.add(message, Undoable(f"{old.name} has its name again.", undo))
        host.reload(new.id)

    def remove(self) -> None:
        """Remove the selected project, after a question."""
        self._host.start("remove", self._remove)

    async def _remove(self) -> None:
        host, project = self._host, self._host.needed_project()
        if project is None:
            return
        live = sum(run.live for run in host.overview.runs if run.project == project.id)
        stops = "Its runs are stopped. " if live else ""
        consequence = (
            f"{stops}Index, adapters and conversation go to the trash for seven days; "
            f"the code itself is not touched."
        )
        sheet = Confirm(f"Remove {project.name}?", consequence, "Keep it", "Remove")
        if not await host.app.push_screen_wait(sheet):
            return
        removed = await call(lambda: host.garden.projects.remove(project))

        def undo() -> str:
            return host.garden.projects.restore(removed.id).id

        message = f"{removed.name} is in the trash for {days(removed.until - time.time())}."
        self._undo.add(message, Undoable(f"{removed.name} is back.", undo))
        host.reload()

    def switch(self) -> None:
        """Find a project by its name."""
        self._host.start("list", self._switch)

    async def _switch(self) -> None:
        host = self._host
        picker = project_picker(host.overview, host.project)
        chosen = await host.app.push_screen_wait(picker)
        if chosen is not None:
            host.show(host.overview, chosen)

    def back(self) -> None:
        """Go back to the project that was selected before this one, if there is one."""
        if self._host.overview.project(self._before) is not None:
            self._host.show(self._host.overview, self._before)

    def repair(self) -> None:
        """Check every part of a project, repair what can be, and show both.

        It is the selected one, or one that could not be opened just now. Where the list of projects
        was lost, it is made again.
        """
        lost = bool(self._host.overview.unlisted)
        selected = self._host.project if lost else self._host.needed_project()
        project = self._unopened or selected
        if project is not None or lost:
            self._host.start("repair", lambda: self._repair(project, lost))

    async def _repair(self, project: Project | None, lost: bool) -> None:
        host = self._host
        name = project.name if project else "the garden"
        toasts.show(host.app, f"Checking every part of {name} …")
        repaired = await call(lambda: self._repaired(project, lost))
        keys = keymap.of(host.app)
        findings = [
            Finding(item.part, item.found, advice(item.done, item.remedy, keys))
            for item in repaired
        ]
        host.reload(project.id if project else "")
        await host.app.push_screen_wait(Report(f"Parts of {name}", findings))

    def _repaired(self, project: Project | None, lost: bool) -> list[Repaired]:
        garden = self._host.garden
        relisted = list(garden.orphans.repair()) if lost else []
        return [*relisted, *(garden.projects.repair(project) if project else ())]

    def choose_adapter(self) -> None:
        """Choose which adapter of the selected project answers, or what is done with one."""
        self._versions.choose()
