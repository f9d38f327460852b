"""The sheet that gives a project another name."""

from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content

from gardener_core.errors import GardenError
from gardener_core.store.garden.projects import Project
from gardener_tui import keymap
from gardener_tui.garden import ScreenGarden
from gardener_tui.messages import LineLeft
from gardener_tui.panes.background import call
from gardener_tui.screens.sheet import Sheet
from gardener_tui.toasts import error_text
from gardener_tui.widgets.footer import Hints
from gardener_tui.widgets.line_input import LineInput
from gardener_tui.widgets.plain_text import PlainText, styled


class NameLine(LineInput):
    """Where one writes the name."""

    BINDINGS: ClassVar[list[BindingType]] = keymap.bindings("name")


class Rename(Sheet[Project | None]):
    """Asks for a name; what is wrong with it is shown here."""

    def __init__(self, garden: ScreenGarden, project: Project) -> None:
        super().__init__()
        self._garden = garden
        self._project = project

    def compose(self) -> ComposeResult:
        """The line with the present name, and what is wrong."""
        with Vertical(classes="sheet-box") as box:
            box.border_title = Content("Rename the project")
            yield PlainText(styled(("The folder keeps its name.", "$label")))
            yield NameLine(id="name", placeholder="a name")
            yield PlainText(id="name-problem")
        yield Hints("name")

    def on_mount(self) -> None:
        """Focus the line, with the present name in it."""
        line = self.query_one(NameLine)
        line.write(self._project.name)
        line.focus()

    @on(LineLeft)
    def _left(self, event: LineLeft) -> None:
        event.stop()
        self.dismiss(None)

    @on(LineInput.Submitted)
    def _submitted(self, event: LineInput.Submitted) -> None:
        event.stop()
        if written := self.query_one(NameLine).text.strip():
            self._rename(written)

    @work(exclusive=True, group="rename", exit_on_error=False)
    async def _rename(self, name: str) -> None:
        try:
            project = await call(lambda: self._garden.projects.rename(self._project, name))
        except GardenError as problem:
            text = styled((f"✖ {error_text(self.app, problem)}", "$error"))
            self.query_one("#name-problem", PlainText).show(text)
            return
        self.dismiss(project)
