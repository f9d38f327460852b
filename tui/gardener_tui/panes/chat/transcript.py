"""The conversation with one project."""

from typing import ClassVar

from textual.binding import BindingType
from textual.containers import VerticalScroll

from gardener_tui import keymap
from gardener_tui.panes.chat.turn import Turn


class Transcript(VerticalScroll, can_focus=True):
    """The turns of a conversation; stays at its end while one reads there."""

    BINDINGS: ClassVar[list[BindingType]] = keymap.bindings("chat")

    def __init__(self, project: str) -> None:
        super().__init__(classes="transcript")
        self.project = project

    async def begin(self, written: str) -> Turn:
        """Add a turn."""
        turn = Turn(written)
        await self.mount(turn)
        self.anchor()
        return turn

    async def paint(self) -> None:
        """Show what has come since the last time."""
        for turn in self.query(Turn):
            await turn.paint()
