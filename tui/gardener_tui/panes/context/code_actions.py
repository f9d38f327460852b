"""Copy the code of a row, or open it in an editor."""

from textual.app import SuspendNotSupported

from gardener_core.errors import GardenError
from gardener_core.store.garden.projects import Project
from gardener_core.system.editor import editor_command, open_in_editor
from gardener_core.system.terminal_text import clean_line
from gardener_tui import toasts
from gardener_tui.garden import ScreenGarden
from gardener_tui.panes.background import call, start
from gardener_tui.panes.context.spot import Spot
from gardener_tui.panes.context.stack import PageStack


def copy_code(garden: ScreenGarden, stack: PageStack) -> None:
    """Copy the code of the current row, with its place."""
    spot, project = stack.needed_spot, stack.project
    if spot is not None and project is not None:
        start(stack, "copy", lambda: _copy(garden, stack, project, spot))


async def _copy(garden: ScreenGarden, stack: PageStack, project: Project, spot: Spot) -> None:
    code, text = spot.code, spot.text
    if text is None:
        text = await call(
            lambda: garden.code.quote(project, code.path, code.start_line, code.end_line)
        )
    place = f"{code.path}:{code.start_line}"
    toasts.copy(stack.app, f"{place}\n{text}", f"The code of {clean_line(place)} is copied.")


def edit_code(stack: PageStack) -> None:
    """Open the code of the current row in the person's editor, and come back after it."""
    spot, project = stack.needed_spot, stack.project
    if spot is None or project is None:
        return
    path, line = project.path / spot.code.path, spot.uses[0] if spot.uses else 0
    line = line or spot.code.start_line
    try:
        editor_command(path, line)
        with stack.app.suspend():
            open_in_editor(path, line)
    except (GardenError, SuspendNotSupported) as problem:
        toasts.show_error(stack.app, problem)
