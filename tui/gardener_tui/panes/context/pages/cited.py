"""The page with the places that an answer names."""

from collections.abc import Sequence

from gardener_core.code.languages.table import language_of
from gardener_core.code.quotes import Located, Standing
from gardener_core.events.parts import Citation, CodeSpan
from gardener_tui.panes.context.page import EmptyText, Page
from gardener_tui.panes.context.rows.places import PlaceRow
from gardener_tui.panes.context.spot import Spot
from gardener_tui.widgets.rows import Row

NOTHING_CITED = EmptyText("The answer names no place.")
AROUND = 12  # lines shown above and below a place of few lines
FEW_LINES = 3
_WORDS: dict[Standing, str] = {"same": "", "moved": "moved", "changed": "changed", "gone": "gone"}


class CitedPage(Page):
    """Every place of an answer, by its number; the one that was followed is current."""

    def __init__(self, cited: Sequence[Citation], number: int, located: Located) -> None:
        rows: list[Row] = []
        at = 0
        for place, citation in enumerate(cited):
            is_followed = citation.n == number
            at = place if is_followed else at
            rows.append(_row(citation, located if is_followed else None))
        super().__init__("from the answer", rows, empty=NOTHING_CITED, at=at)


def _row(citation: Citation, located: Located | None) -> Row:
    start, end = citation.start_line, citation.end_line
    word = ""
    if located is not None:
        start, end, word = located.start_line, located.end_line, _WORDS[located.standing]
    uses: tuple[int, ...] = ()
    first, last = start, end
    if end - start < FEW_LINES:
        uses = tuple(range(start, end + 1))
        first, last = max(1, start - AROUND), end + AROUND
    code = CodeSpan(citation.path, citation.symbol, "", language_of(citation.path), first, last)
    note = "The answer names this place."
    return PlaceRow(
        Spot(code, uses=uses, note=note), (f"{citation.n}", "bold $accent"), word, line=start
    )
