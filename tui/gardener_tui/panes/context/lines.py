"""The input lines of the context pane, and its filter chips."""

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import BindingType

from gardener_core.search.query import Filter, Scope
from gardener_core.system.terminal_text import clean_line
from gardener_tui import keymap
from gardener_tui.widgets.line_input import LineInput
from gardener_tui.widgets.plain_text import Part, PlainText, styled
from gardener_tui.widgets.wording import beginning

SHORTEST_QUESTION = 24
FOUND_FOR = "found for:"


class QueryLine(LineInput):
    """Where one writes what to search."""

    BINDINGS: ClassVar[list[BindingType]] = keymap.bindings("query")


class FilterLine(LineInput):
    """Where one writes which files to see."""

    BINDINGS: ClassVar[list[BindingType]] = keymap.bindings("filter")
    most_pasted = 200


class Chips(PlainText):
    """Scope, filters and question of the hits; a fault stands beside each."""

    def show_chips(
        self, filters: Sequence[Filter], scope: Scope, question: str, note: str, width: int
    ) -> None:
        """Show these; the line is hidden where there is nothing to show."""
        parts: list[Part] = []
        if question:
            room = max(SHORTEST_QUESTION, width - len(FOUND_FOR) - 3)
            asked = beginning(clean_line(question), room)
            parts += [(f" {FOUND_FOR} {asked} ", "$foreground on $panel"), " "]
        if scope != "all":
            parts += [(f" {scope} only ", "$background on $secondary"), " "]
        for item in filters:
            parts += [*_chip(item), " "]
        if note:
            parts += ["\n" if parts else "", (f"▲ {note}", "$warning")]
        self.show(styled(*parts))
        self.set_class(bool(parts), "-there")


def _chip(item: Filter) -> list[Part]:
    text = clean_line(item.text)
    if item.problem:
        return [(f" ✖ {text} ", "$background on $warning"), (f" {item.problem}", "$warning")]
    if item.excludes:
        return [(f" not {text.removeprefix('-')} ", "$foreground on $panel strike")]
    return [(f" ✔ {text} ", "$foreground on $panel")]
