"""One page of the context pane."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual.content import Content

from gardener_tui.keymap import Keymap
from gardener_tui.panes.context.rows.why import why_text
from gardener_tui.panes.context.spot import spot_of
from gardener_tui.widgets.plain_text import styled
from gardener_tui.widgets.rows import Row

SEARCH_KEY = ("search", "searches the code")
MAP_KEY = ("context.map", "draws its map")


@dataclass(frozen=True, slots=True)
class EmptyText:
    """What a page without rows says, and the keys that help there."""

    sentence: str
    keys: tuple[tuple[str, str], ...] = (SEARCH_KEY,)


NOTHING_SEARCHED = EmptyText("Nothing searched yet.", (SEARCH_KEY, MAP_KEY))


class Page:
    """A list of rows, the place of the cursor in it, and what is said about it.

    `summary` stands in the pane's border, `empty` where there are no rows.
    """

    # A page about the whole project hides the filters of a search.
    about_project: ClassVar[bool] = False
    # A page of files has a line that narrows it instead of the search line.
    has_filter: ClassVar[bool] = False

    def __init__(
        self,
        title: str = "",
        rows: Sequence[Row] = (),
        *,
        summary: str | Content = "",
        empty: EmptyText = NOTHING_SEARCHED,
        at: int = 0,
    ) -> None:
        self.title = title
        self.rows = rows
        self.summary = summary
        self.empty = empty
        self.at = at

    def text_of(self, row: Row, wants_reason: bool, width: int, keys: Keymap) -> Content | None:
        """The text to show for a row; None shows its code."""
        spot = spot_of(row)
        if spot is None or not wants_reason:
            return None
        if spot.hit is not None:
            return why_text(spot.hit, width)
        return styled(spot.note or "It was not searched for.")
