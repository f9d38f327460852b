"""The keys of a place."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content

from gardener_tui import keymap
from gardener_tui.keymap import Keymap
from gardener_tui.keys import ANYWHERE, CARD
from gardener_tui.screens.sheet import Sheet
from gardener_tui.widgets.footer import Hints
from gardener_tui.widgets.plain_text import PlainText, styled

_KEYS_WIDE = 11
_WIDE = 60


class Help(Sheet[None]):
    """The keys of the focused place, then those that work everywhere."""

    BINDINGS: ClassVar[list[BindingType]] = keymap.bindings("help")

    def __init__(self, where: str, column: int = 0) -> None:
        super().__init__(classes="sheet -aside" if column else "sheet")
        self._where = where
        self._column = column

    def compose(self) -> ComposeResult:
        """One scrolling list; it takes the right column's place where there is one."""
        with VerticalScroll(classes="sheet-box") as box:
            box.border_title = Content("Keys")
            yield PlainText(key_list(self._where, keymap.of(self.app)), id="help-keys")
        yield Hints("help")

    def on_mount(self) -> None:
        """Let the arrows scroll."""
        box = self.query_one(VerticalScroll)
        box.focus()
        if self._column:
            box.styles.width = max(_WIDE, self.app.size.width - self._column)

    def action_leave(self) -> None:
        """Go back."""
        self.dismiss(None)


def key_list(where: str, keys: Keymap) -> Content:
    """The keys of a place and of everywhere, a line each."""
    rows: list[Content] = []
    for place in (where, ANYWHERE) if keys.keys_of(where) else (ANYWHERE,):
        rows.append(styled((f"In the {place}" if place == where else "Anywhere", "bold")))
        rows += [
            styled((key.all_shown.rjust(_KEYS_WIDE), "bold $accent"), f"  {key.help}")
            for key in keys.keys_of(place)
        ]
        if place == "chat":
            rows.append(styled((CARD[0].rjust(_KEYS_WIDE), "bold $accent"), f"  {CARD[1]}"))
        rows.append(Content(""))
    return Content("\n").join(rows[:-1])
