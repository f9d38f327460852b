"""Choose a project."""

from gardener_core.store.garden.projects import Project
from gardener_core.system.terminal_text import clean_line
from gardener_tui.panes.overview import Overview
from gardener_tui.screens.pickers.pick_box import Choice
from gardener_tui.screens.pickers.picker import Picker
from gardener_tui.widgets.plain_text import styled
from gardener_tui.widgets.states import project_look


def project_picker(overview: Overview, selected: Project | None) -> Picker:
    """A picker of all projects; it gives the id of the one that was taken."""
    choices = [_choice(project, overview) for project in overview.projects]
    return Picker("Projects", "Which one?", choices, selected.id if selected else "")


def _choice(project: Project, overview: Overview) -> Choice:
    look = project_look(project, overview.newest_run(project))
    name = clean_line(project.name)
    line = styled(
        (f"{look.glyph} ", look.colour),
        (f"{name[:28]:<30}", "bold"),
        (f"{look.word:<13}", "$label"),
        (clean_line(str(project.path)), "$label"),
    )
    return Choice(project.id, line, f"{name} {project.path}")
