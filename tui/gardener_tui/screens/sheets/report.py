"""A report with a line for each checked part."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content

from gardener_core.system.terminal_text import clean_line
from gardener_tui import keymap
from gardener_tui.screens.sheet import Sheet
from gardener_tui.widgets.footer import Hints
from gardener_tui.widgets.plain_text import PlainText, styled


@dataclass(frozen=True, slots=True)
class Finding:
    """A checked part, the result, and what was done about it."""

    part: str
    result: str
    done: str = ""


class Report(Sheet[None]):
    """Shows the result of a check, part by part."""

    BINDINGS: ClassVar[list[BindingType]] = keymap.bindings("report")

    def __init__(self, title: str, findings: Sequence[Finding]) -> None:
        super().__init__()
        self._title = title
        self._findings = tuple(findings)

    def compose(self) -> ComposeResult:
        """One scrolling text."""
        with Vertical(classes="sheet-box -report") as box:
            box.border_title = Content(clean_line(self._title))
            with VerticalScroll(id="report-lines", can_focus=False):
                yield PlainText(_text(self._findings), id="report-text")
        yield Hints("report")

    def action_scroll(self, by: int) -> None:
        """Scroll by half of what is seen."""
        lines = self.query_one("#report-lines", VerticalScroll)
        lines.scroll_relative(y=by * max(1, lines.size.height // 2), animate=False)

    def action_leave(self) -> None:
        """Go back."""
        self.dismiss(None)


def _text(findings: Sequence[Finding]) -> Content:
    rows = []
    for finding in findings:
        glyph = ("✔ ", "$success") if not finding.done else ("▲ ", "$warning")
        rows.append(styled(glyph, (clean_line(finding.part), "bold"), f"  {finding.result}"))
        if finding.done:
            rows.append(styled((f"  {finding.done}", "$label")))
    return Content("\n").join(rows)
