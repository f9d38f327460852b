"""Jump to a place of the screen by its letter."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.geometry import Offset

from gardener_tui import keymap
from gardener_tui.screens.sheet import Sheet
from gardener_tui.widgets.footer import Hints
from gardener_tui.widgets.plain_text import PlainText, styled

LETTERS = "asdfghjklweruio"


@dataclass(frozen=True, slots=True)
class Place:
    """Somewhere to go: the id of a widget, and its upper left corner."""

    id: str
    corner: Offset


class Jump(Sheet[str | None]):
    """Shows a letter at each place over the workbench; gives the id of the chosen place."""

    BINDINGS: ClassVar[list[BindingType]] = keymap.bindings("jump")

    def __init__(self, places: Sequence[Place]) -> None:
        super().__init__(classes="jump")
        self._places = dict(zip(LETTERS, places, strict=False))

    def compose(self) -> ComposeResult:
        """One label a place."""
        for letter in self._places:
            yield PlainText(styled((f" {letter} ", "bold")), classes="jump-label")
        yield Hints("jump")

    def on_mount(self) -> None:
        """Put each label where its place begins."""
        labels = self.query(".jump-label")
        for label, place in zip(labels, self._places.values(), strict=True):
            label.absolute_offset = place.corner

    def on_key(self, event: events.Key) -> None:
        """Go to the place of this letter; any other letter goes nowhere."""
        if event.is_printable:
            event.stop()
            place = self._places.get(event.character or "")
            self.dismiss(place.id if place else None)

    def action_leave(self) -> None:
        """Go nowhere."""
        self.dismiss(None)
