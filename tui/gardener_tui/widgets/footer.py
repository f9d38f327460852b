"""The keys that help here, in one line."""

from rich.cells import cell_len
from textual.content import Content
from textual.widget import Widget

from gardener_tui import keymap

_APART = 2


class Hints(Widget):
    """The footer; what does not fit is dropped at the right, so `?` and `q` stay."""

    def __init__(self, where: str = "projects") -> None:
        super().__init__()
        self._where = where

    @property
    def where(self) -> str:
        """The place whose keys are shown."""
        return self._where

    def show(self, where: str) -> None:
        """Show the keys of another place."""
        if where != self._where:
            self._where = where
            self.refresh()

    def render(self) -> Content:
        """As many whole hints as fit."""
        parts: list[tuple[str, str]] = []
        room = self.content_size.width
        for key in keymap.of(self.app).hints(self._where):
            room -= cell_len(key.shown) + 1 + cell_len(key.label)
            if room < 0:
                break
            room -= _APART
            parts += [
                (key.shown, "bold $accent"),
                (f" {key.label}", "$label"),
                (" " * _APART, ""),
            ]
        return Content.assemble(*parts)
