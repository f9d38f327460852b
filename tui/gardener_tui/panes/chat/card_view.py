"""The lines of a card, as wide as the pane allows."""

import re

from textual.content import Content
from textual.events import Resize

from gardener_core.events.answer import Composed
from gardener_core.events.card_text import WIDTH, card_rows
from gardener_tui.widgets.plain_text import PlainText, styled

NARROWEST = 40
_NUMBERED = re.compile(r"[ \d]\d ")


class CardView(PlainText):
    """A card: number, label, text and place of each line."""

    def __init__(self, card: Composed) -> None:
        super().__init__(_content(card, WIDTH), classes="card")
        self._card = card

    def on_resize(self, event: Resize) -> None:
        """Lay the lines out for the width that there is."""
        self.show(_content(self._card, max(NARROWEST, min(event.size.width, WIDTH))))


def _content(card: Composed, width: int) -> Content:
    """The rows; the number of a line stands out, for it is its key."""
    return Content("\n").join(_row(row) for row in card_rows(card, width))


def _row(row: str) -> Content:
    if not _NUMBERED.match(row):
        return styled(row)
    return styled((row[:2], "bold $accent"), row[2:])
