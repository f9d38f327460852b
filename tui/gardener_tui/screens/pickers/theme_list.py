"""Choose a theme; the highlighted one is shown."""

from collections.abc import Sequence

from textual import on
from textual.app import ComposeResult

from gardener_tui.screens.pickers.pick_box import Choice, PickBox
from gardener_tui.screens.sheet import Sheet
from gardener_tui.widgets.footer import Hints
from gardener_tui.widgets.plain_text import styled


class ThemeList(Sheet[str | None]):
    """Gives the name of the theme that was taken, or None."""

    def __init__(self, names: Sequence[str], current: str) -> None:
        super().__init__()
        choices = [Choice(name, styled((name, "bold")), name) for name in names]
        self._box = PickBox("Theme", "Which one?", choices, current)

    def compose(self) -> ComposeResult:
        """The list and its keys."""
        yield self._box
        yield Hints("list")

    @on(PickBox.Highlighted)
    def _highlighted(self, event: PickBox.Highlighted) -> None:
        if self.is_current:
            self.app.theme = event.choice

    @on(PickBox.Picked)
    def _picked(self, event: PickBox.Picked) -> None:
        self.dismiss(event.choice)
