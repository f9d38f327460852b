"""A question before something is lost."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content

from gardener_core.plain import clean_line
from gardener_tui import keymap
from gardener_tui.screens.safe import SafeModal
from gardener_tui.widgets.footer import Hints
from gardener_tui.widgets.plain_text import PlainText, styled


class Confirm(SafeModal[bool]):
    """Asks once, says what follows; anything but `y` leaves everything as it is."""

    BINDINGS: ClassVar[list[BindingType]] = keymap.bindings("confirm")
    CSS_PATH = "sheets.tcss"

    def __init__(self, title: str, what_follows: str, no: str, yes: str) -> None:
        super().__init__(classes="sheet")
        self._title = title
        self._what_follows = what_follows
        self._no = no
        self._yes = yes

    def compose(self) -> ComposeResult:
        """The consequence, and the two keys."""
        with Vertical(classes="sheet-box -danger") as box:
            box.border_title = Content(clean_line(self._title))
            yield PlainText(self._what_follows)
            yield PlainText(
                styled(
                    (f" {self._no} ", "bold on $panel"),
                    (" n", "bold $accent"),
                    "     ",
                    (f"{self._yes} ", "$error"),
                    ("y", "bold $accent"),
                ),
                classes="sheet-keys",
            )
        yield Hints("confirm")

    def action_no(self) -> None:
        """Leave everything as it is."""
        self.dismiss(False)

    def action_yes(self) -> None:
        """Do it."""
        self.dismiss(True)
