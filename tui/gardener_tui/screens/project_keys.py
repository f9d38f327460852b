"""What the keys do with projects."""

import time

from textual import work

from gardener_core.store.garden.projects import Project
from gardener_core.system.terminal_text import clean_line
from gardener_core.upkeep.repaired import Repaired
from gardener_tui import keymap, toasts
from gardener_tui.panes.background import call
from gardener_tui.remedies import advice
from gardener_tui.screens.adapter_list import AdapterList
from gardener_tui.screens.add_project import AddProject
from gardener_tui.screens.confirm import Confirm
from gardener_tui.screens.picker import Choice, Picker
from gardener_tui.screens.rename import Rename
from gardener_tui.screens.report import Finding, Report
from gardener_tui.screens.undoing import Undoable, Undoing
from gardener_tui.widgets.plain_text import styled
from gardener_tui.widgets.states import project_look
from gardener_tui.widgets.wording import days


class ProjectKeys(Undoing):
    """Adds, finds, renames and removes projects."""

    # The project before the selected one, by its id.
    before = ""

    @work(exclusive=True, group="add", exit_on_error=False)
    async def action_add(self) -> None:
        """Add a project, and index it as the command line does."""
        known = [project.path for project in self.overview.projects]
        project = await self.app.push_screen_wait(AddProject(self.garden, known))
        if project is not None:
            self.look(project.id)
            self.training.survey_and_index(project)
            toasts.tell(self.app, f"{project.name} is added and is being indexed.")

    @work(exclusive=True, group="rename", exit_on_error=False)
    async def action_rename(self) -> None:
        """Give the selected project another name."""
        old = self.needed_project()
        if old is None:
            return
        new = await self.app.push_screen_wait(Rename(self.garden, old))
        if new is None or new.name == old.name:
            return
        self.did(
            f"{old.name} is called {new.name} now.",
            Undoable(
                f"{old.name} has its name again.",
                lambda: self.garden.projects.rename(new, old.name).id,
            ),
        )
        self.look(new.id)

    @work(exclusive=True, group="remove", exit_on_error=False)
    async def action_remove(self) -> None:
        """Remove the selected project, if that is really wanted."""
        project = self.needed_project()
        if project is None:
            return
        live = sum(run.live for run in self.overview.runs if run.project == project.id)
        stops = "Its runs are stopped. " if live else ""
        follows = (
            f"{stops}Index, adapters and conversation go to the trash for seven days; "
            f"the code itself is not touched."
        )
        title = f"Remove {project.name}?"
        if await self.app.push_screen_wait(Confirm(title, follows, "Keep it", "Remove")):
            removed = await call(lambda: self.garden.projects.remove(project))
            left = days(removed.until - time.time())
            self.did(
                f"{removed.name} is in the trash for {left}.",
                Undoable(
                    f"{removed.name} is back.", lambda: self.garden.projects.restore(removed.id).id
                ),
            )
            self.look()

    @work(exclusive=True, group="list", exit_on_error=False)
    async def action_switch(self) -> None:
        """Find a project by its name."""
        choices = [self._choice(project) for project in self.overview.projects]
        at = self.project.id if self.project else ""
        chosen = await self.app.push_screen_wait(Picker("Projects", "Which one?", choices, at))
        if chosen is not None:
            self.show(self.overview, chosen)

    def action_back(self) -> None:
        """Go back to the project that was selected before this one, if there is one."""
        if self.overview.project(self.before) is not None:
            self.show(self.overview, self.before)

    @work(exclusive=True, group="repair", exit_on_error=False)
    async def action_repair(self) -> None:
        """Check every part of the selected project, repair what can be, and show both.

        Where the list of projects was lost, it is made again.
        """
        lost = bool(self.overview.unlisted)
        project = self.project if lost else self.needed_project()
        if project is None and not lost:
            return
        name = project.name if project else "the garden"
        toasts.tell(self.app, f"Checking every part of {name} …")
        checked = await call(lambda: self._repaired(project, lost))
        keys = keymap.of(self.app)
        findings = [
            Finding(item.part, item.found, advice(item.done, item.remedy, keys)) for item in checked
        ]
        self.look(project.id if project else "")
        await self.app.push_screen_wait(Report(f"Parts of {name}", findings))

    def _repaired(self, project: Project | None, lost: bool) -> list[Repaired]:
        found = list(self.garden.orphans.repair()) if lost else []
        return [*found, *(self.garden.projects.repair(project) if project else ())]

    @work(exclusive=True, group="list", exit_on_error=False)
    async def action_adapters(self) -> None:
        """Choose which adapter of the selected project answers."""
        project = self.needed_project()
        if project is None:
            return
        chosen = await self.app.push_screen_wait(AdapterList(project, self.overview))
        if chosen is not None and chosen != project.adapter:
            await call(lambda: self.garden.adapters.use(project, chosen))
            toasts.tell(self.app, f"Adapter {chosen} of {project.name} answers now.")
            self.look(project.id)

    def _choice(self, project: Project) -> Choice:
        look = project_look(project, self.overview.newest_run(project))
        name = clean_line(project.name)
        line = styled(
            (f"{look.glyph} ", look.colour),
            (f"{name[:28]:<30}", "bold"),
            (f"{look.word:<13}", "$label"),
            (clean_line(str(project.path)), "$label"),
        )
        return Choice(project.id, line, f"{name} {project.path}")
