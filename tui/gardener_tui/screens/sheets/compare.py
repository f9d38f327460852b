"""Two runs side by side."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content

from gardener_core.system.terminal_text import clean_line
from gardener_tui import keymap
from gardener_tui.panes.training.facts import ShownRun, facts
from gardener_tui.screens.sheet import Sheet
from gardener_tui.widgets.footer import Hints
from gardener_tui.widgets.plain_text import PlainText, styled
from gardener_tui.widgets.wording import beginning

_NAME, _VALUE = 18, 18


class Compare(Sheet[None]):
    """The facts of a run beside those of the marked one."""

    BINDINGS: ClassVar[list[BindingType]] = keymap.bindings("compare")

    def __init__(self, shown: ShownRun, marked: ShownRun) -> None:
        super().__init__()
        self._shown = shown
        self._marked = marked

    def compose(self) -> ComposeResult:
        """A table of two columns."""
        with Vertical(classes="sheet-box") as box:
            box.border_title = Content("Two runs")
            yield PlainText(table(self._shown, self._marked), id="compare-table")
        yield Hints("compare")

    def action_leave(self) -> None:
        """Go back."""
        self.dismiss(None)


def table(shown: ShownRun, marked: ShownRun) -> Content:
    """One fact a row; the curves' colours are in the head."""
    head = styled(
        " " * _NAME,
        (clean_line(shown.name)[: _VALUE - 2].ljust(_VALUE), "bold $series"),
        (f"{clean_line(marked.name)[: _VALUE - 9]} (marked)", "bold $series-other"),
    )
    rows = [
        styled((name.ljust(_NAME), "$label"), beginning(value, _VALUE - 2).ljust(_VALUE), other)
        for (name, value), (_, other) in zip(facts(shown), facts(marked), strict=True)
    ]
    return Content("\n").join([head, *rows])
