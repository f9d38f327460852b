"""The lines of a card, as wide as the pane allows."""

from textual.events import Resize

from gardener_core.events.answer import Composed
from gardener_core.events.card_text import WIDTH, card_rows
from gardener_tui.widgets.plain_text import PlainText

NARROWEST = 40


class CardView(PlainText):
    """A card: number, label, text and place of each line."""

    def __init__(self, card: Composed) -> None:
        super().__init__("\n".join(card_rows(card)), classes="card")
        self._card = card

    def on_resize(self, event: Resize) -> None:
        """Lay the lines out for the width that there is."""
        width = max(NARROWEST, min(event.size.width, WIDTH))
        self.show("\n".join(card_rows(self._card, width)))
