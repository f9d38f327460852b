"""The log of a run, to read and to search."""

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content

from gardener_core.system.terminal_text import clean_line
from gardener_tui import keymap
from gardener_tui.messages import LineLeft
from gardener_tui.panes.training.notes import LEVELS, Note
from gardener_tui.panes.training.view import note_line
from gardener_tui.screens.sheet import Sheet
from gardener_tui.widgets.footer import Hints
from gardener_tui.widgets.line_input import LineInput
from gardener_tui.widgets.plain_text import PlainText, styled
from gardener_tui.widgets.wording import count, counted

_STEP_WIDE = 8


class LogLine(LineInput):
    """Where one writes what to search; its keys move the log too."""

    BINDINGS: ClassVar[list[BindingType]] = keymap.bindings("log")
    most_pasted = 200


class RunLog(Sheet[None]):
    """The notes of a run, newest below; what is written filters them."""

    def __init__(self, name: str, notes: Sequence[Note], trouble: str = "") -> None:
        super().__init__()
        self._name = name
        self._notes = tuple(notes)
        self._trouble = trouble
        self._level = 0

    def compose(self) -> ComposeResult:
        """The search line above, the notes below."""
        with Vertical(classes="sheet-box -large") as box:
            box.border_title = Content(clean_line(f"Log · {self._name}"))
            yield LogLine(id="log-search", placeholder="Search the log")
            with VerticalScroll(id="log-lines", can_focus=False):
                yield PlainText(id="log-text")
        yield Hints("log")

    def on_mount(self) -> None:
        """Focus the search line, and show the newest notes."""
        self.query_one(LineInput).focus()
        self._fill()

    @on(LineInput.Changed)
    def _searched(self, event: LineInput.Changed) -> None:
        event.stop()
        self._fill()

    @on(LineLeft)
    def _left(self, event: LineLeft) -> None:
        event.stop()
        self.dismiss(None)

    def action_level(self) -> None:
        """Show everything, milestones, troubles."""
        self._level = (self._level + 1) % len(LEVELS)
        self._fill()

    def action_scroll(self, by: int) -> None:
        """Scroll by half a page."""
        lines = self.query_one("#log-lines", VerticalScroll)
        half = max(1, lines.size.height // 2)
        lines.scroll_relative(y=by * half, animate=False)

    def _fill(self) -> None:
        wanted = self.query_one(LineInput).value.casefold()
        notes = [
            note
            for note in self._notes
            if note.level >= self._level and wanted in note.text.casefold()
        ]
        rows = [
            styled(
                (f"{count(note.step) if note.step else '':>{_STEP_WIDE}}  ", "$label"),
                note_line(note),
            )
            for note in notes
        ]
        if self._trouble:
            rows += [styled(("", "")), styled((self._trouble, "$label"))]
        self.query_one("#log-text", PlainText).show(Content("\n").join(rows))
        box = self.query_one(".sheet-box")
        box.border_subtitle = Content(f"{LEVELS[self._level]} · {counted(len(notes), 'line')}")
        lines = self.query_one("#log-lines", VerticalScroll)
        self.call_after_refresh(lines.scroll_end, animate=False)
