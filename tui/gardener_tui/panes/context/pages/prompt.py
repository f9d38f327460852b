"""The page with the exact prompt that a model read."""

from collections.abc import Sequence
from dataclasses import dataclass

from textual.content import Content

from gardener_core.events.answer import PartForm, Prompted, PromptPart
from gardener_core.events.index import Retrieved
from gardener_core.system.terminal_text import clean_line
from gardener_tui.keymap import Keymap
from gardener_tui.panes.context.page import Page
from gardener_tui.panes.context.rows.places import PlaceRow
from gardener_tui.panes.context.rows.read_code import spot_of_part
from gardener_tui.panes.context.spot import Spot
from gardener_tui.widgets.plain_text import styled
from gardener_tui.widgets.rows import Row
from gardener_tui.widgets.wording import counted

FORMS: dict[PartForm, str] = {
    "whole": "",
    "signature": "cut to its signature",
    "cut": "cut",
    "left_out": "left out",
}
NAMES = {
    "words": "What it is asked to do",
    "rules": "The project's rules",
    "map": "A map of the project",
    "context": "What was given along",
    "card": "The card",
    "pinned": "Pinned code",
    "code": "Code",
    "conversation": "An earlier question",
    "summary": "An earlier question, in short",
    "question": "The question",
}
UNREADABLE = "The prompt is no longer kept: only those of the last explanations are."


@dataclass(frozen=True, slots=True)
class PartRow:
    """A part of a prompt and its cost; the first row is the whole."""

    name: str
    cost: str
    heading: bool = False

    def draw(self, width: int, lines: int) -> Sequence[Content]:
        """Its name and, at the right end, its cost."""
        if lines > 1:
            return [styled("   ", (self.name, "bold")), styled((f"   {self.cost}", "$label"))]
        gap = " " * max(2, width - 3 - len(self.name) - len(self.cost))
        return [styled("   ", (self.name, "bold"), gap, (self.cost, "$label"))]


class PromptPage(Page):
    """The whole prompt as it was sent, to the byte, then its parts with their costs."""

    def __init__(self, prompted: Prompted, retrieved: Retrieved, text: str | None) -> None:
        self._text = text
        rows: list[Row] = [PartRow("The whole, as it was sent", _cost(prompted.tokens))]
        rows += [_row(part, retrieved) for part in prompted.parts]
        who = " + ".join(clean_line(name) for name in (prompted.model, prompted.adapter) if name)
        super().__init__("the exact prompt", rows, summary=f"{who} · {_cost(prompted.tokens)}")

    def text_of(self, row: Row, wants_reason: bool, width: int, keys: Keymap) -> Content | None:
        """The whole prompt for every part that is not code of a file."""
        if isinstance(row, PartRow):
            return styled(self._text) if self._text is not None else styled(UNREADABLE)
        return super().text_of(row, wants_reason, width, keys)


def _row(part: PromptPart, retrieved: Retrieved) -> Row:
    how = FORMS[part.form]
    cost = f"{how}, {_cost(part.tokens)}" if how else _cost(part.tokens)
    if not part.path:
        return PartRow(NAMES[part.name], cost)
    sign = ("✖", "$warning") if part.form == "left_out" else ("●", "$success")
    spot: Spot = spot_of_part(part, retrieved)
    return PlaceRow(spot, sign, cost)


def _cost(tokens: int) -> str:
    return counted(tokens, "token")
