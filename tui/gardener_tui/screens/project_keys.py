"""What the keys do with projects."""

from textual import work

from gardener_core.keeping.projects import Project
from gardener_core.plain import clean_line
from gardener_tui import toasts
from gardener_tui.panes.background import call
from gardener_tui.panes.overview import Overview
from gardener_tui.screens.add_project import AddProject
from gardener_tui.screens.frame import Frame
from gardener_tui.screens.picker import Choice, Picker
from gardener_tui.widgets.plain_text import styled
from gardener_tui.widgets.states import project_look


class ProjectKeys(Frame):
    """Adds, finds and leaves projects."""

    # The project before the selected one, by its id.
    before = ""

    def show(self, overview: Overview, select: str = "") -> None:
        """Show what the garden holds now; the workbench does."""
        raise NotImplementedError

    @work(exclusive=True, group="look", exit_on_error=False)
    async def look(self, select: str = "") -> None:
        """Look at the garden now, not at the next second."""
        self.show(await call(lambda: Overview.read(self.garden)), select)

    @work(exclusive=True, group="add", exit_on_error=False)
    async def action_add(self) -> None:
        """Add a project, and index it as the command line does."""
        project = await self.app.push_screen_wait(AddProject(self.garden))
        if project is not None:
            self.look(project.id)
            self.training.index(project)
            toasts.tell(self.app, f"{project.name} is added and is being indexed.")

    @work(exclusive=True, group="list", exit_on_error=False)
    async def action_switch(self) -> None:
        """Find a project by its name."""
        choices = [self._choice(project) for project in self.overview.projects]
        at = self.project.id if self.project else ""
        chosen = await self.app.push_screen_wait(Picker("Projects", "Which one?", choices, at))
        if chosen is not None:
            self.show(self.overview, chosen)

    def action_back(self) -> None:
        """Go back to the project that was selected before this one."""
        if self.overview.project(self.before) is None:
            toasts.tell(self.app, "No other project was selected yet.")
        else:
            self.show(self.overview, self.before)

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
