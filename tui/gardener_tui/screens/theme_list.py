"""The themes, each shown as one goes over it."""

from collections.abc import Sequence

from textual import on
from textual.widgets import OptionList

from gardener_tui.screens.picker import Choice, Picker
from gardener_tui.widgets.plain_text import styled


class ThemeList(Picker):
    """Gives the theme that was taken, or nothing; the screen shows the one that is marked."""

    def __init__(self, names: Sequence[str], now: str) -> None:
        choices = [Choice(name, styled((name, "bold")), name) for name in names]
        super().__init__("Theme", "Which one?", choices, now)

    @on(OptionList.OptionHighlighted)
    def _marked(self, event: OptionList.OptionHighlighted) -> None:
        event.stop()
        if event.option_id:
            self.app.theme = event.option_id
