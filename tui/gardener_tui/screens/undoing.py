"""What was done can be taken back."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual import work

from gardener_tui import keymap, toasts
from gardener_tui.panes.background import call
from gardener_tui.panes.overview import Overview
from gardener_tui.panes.projects import ProjectsPane
from gardener_tui.screens.frame import GardenScreen

if TYPE_CHECKING:
    from gardener_core.garden.door import Garden


@dataclass(frozen=True, slots=True)
class Undoable:
    """Something that was done; `undo` takes it back and says which project to select, or none."""

    told: str
    undo: Callable[[], str]


class Undoing(GardenScreen):
    """Remembers what was done, the last first."""

    def __init__(self, garden: "Garden") -> None:
        super().__init__(garden)
        self._done: list[Undoable] = []
        # Overviews by the order in which their reading began.
        self._begun, self._shown = 0, 0

    def show(self, overview: Overview, select: str = "") -> None:
        """Show what the garden holds now."""
        self.overview = overview
        self.query_one(ProjectsPane).show(overview, select)

    @work(exclusive=True, group="look", exit_on_error=False)
    async def look(self, select: str = "") -> None:
        """Look at the garden now, not at the next second."""
        await self.look_and_show(select)

    async def look_and_show(self, select: str = "") -> None:
        """Show what the garden holds; never what it held before what is shown was read."""
        self._begun += 1
        number = self._begun
        overview = await call(lambda: Overview.read(self.garden))
        if number < self._shown:
            overview = self.overview
        else:
            self._shown = number
        self.show(overview, select)

    def did(self, told: str, undoable: Undoable) -> None:
        """Say what was done and which key takes it back."""
        self._done.append(undoable)
        undo = keymap.of(self.app).key("undo").shown
        toasts.tell(self.app, f"{told}  {undo} undo")

    @work(exclusive=True, group="undo", exit_on_error=False)
    async def action_undo(self) -> None:
        """Take back what was done last."""
        if not self._done:
            toasts.tell(self.app, "There is nothing to undo.")
            return
        last = self._done.pop()
        select = await call(last.undo)
        toasts.tell(self.app, last.told)
        self.look(select)
