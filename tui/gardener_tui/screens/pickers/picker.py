"""Choose one of a list."""

from collections.abc import Sequence

from textual import on
from textual.app import ComposeResult

from gardener_tui.screens.pickers.pick_box import Choice, PickBox
from gardener_tui.screens.sheet import Sheet
from gardener_tui.widgets.footer import Hints


class Picker(Sheet[str | None]):
    """Gives the id of the choice that was taken, or None."""

    def __init__(self, title: str, question: str, choices: Sequence[Choice], at: str = "") -> None:
        super().__init__()
        self._box = PickBox(title, question, choices, at)

    def compose(self) -> ComposeResult:
        """The list and its keys."""
        yield self._box
        yield Hints("list")

    @on(PickBox.Picked)
    def _picked(self, event: PickBox.Picked) -> None:
        self.dismiss(event.choice)
