"""The conversation with one project."""

from typing import ClassVar

from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.geometry import Size

from gardener_tui import keymap, toasts
from gardener_tui.panes.chat.turn import Turn


class Transcript(VerticalScroll, can_focus=True):
    """The turns of a conversation; scrolls along while its end is in view."""

    BINDINGS: ClassVar[list[BindingType]] = keymap.bindings("chat")

    def __init__(self, project: str) -> None:
        super().__init__(classes="transcript")
        self.project = project

    async def begin(self, written: str) -> Turn:
        """Add a turn."""
        turn = Turn(written)
        await self.mount(turn)
        self.scroll_end(animate=False)
        return turn

    def watch_virtual_size(self, before: Size, now: Size) -> None:
        """Scroll to the end if it was in view; do not move where one has scrolled up."""
        if self.scroll_offset.y >= before.height - self.size.height - 1:
            self.scroll_end(animate=False)

    def action_copy(self) -> None:
        """Copy the last answer."""
        turns = list(self.query(Turn))
        if turns and turns[-1].answer:
            toasts.copy(self.app, turns[-1].answer, "The last answer is copied.")
        else:
            toasts.show(self.app, "There is no answer to copy yet.", "warning")

    async def paint(self) -> None:
        """Paint what has arrived since the last time."""
        for turn in self.query(Turn):
            await turn.paint()
