"""What the keys do here."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content

from gardener_tui import keymap
from gardener_tui.screens.safe import SafeModal
from gardener_tui.widgets.footer import Hints
from gardener_tui.widgets.plain_text import PlainText, styled

_KEYS_WIDE = 14


class Help(SafeModal[None]):
    """The keys of the place where one is, then those that work everywhere."""

    BINDINGS: ClassVar[list[BindingType]] = keymap.bindings("help")
    CSS_PATH = "sheets.tcss"

    def __init__(self, where: str) -> None:
        super().__init__(classes="sheet -aside")
        self._where = where

    def compose(self) -> ComposeResult:
        """One scrolling list."""
        with VerticalScroll(classes="sheet-box") as box:
            box.border_title = Content("Keys")
            yield PlainText(key_list(self._where), id="help-keys")
        yield Hints("help")

    def on_mount(self) -> None:
        """Let the arrows scroll."""
        self.query_one(VerticalScroll).focus()

    def action_leave(self) -> None:
        """Go back."""
        self.dismiss(None)


def key_list(where: str) -> Content:
    """The keys of a place and of everywhere, a line each."""
    rows: list[Content] = []
    for place in (where, keymap.ANYWHERE):
        rows.append(styled((f"In the {place}" if place == where else "Anywhere", "bold")))
        rows += [
            styled((key.all_shown.rjust(_KEYS_WIDE), "bold $accent"), f"  {key.help}")
            for key in keymap.keys_of(place)
        ]
        rows.append(Content(""))
    return Content("\n").join(rows[:-1])
