"""The sheet that asks why an adapter answers that has not passed."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content

from gardener_core.store.garden.adapters import Adapter
from gardener_core.system.terminal_text import clean_line
from gardener_tui import keymap
from gardener_tui.messages import LineLeft
from gardener_tui.screens.sheet import Sheet
from gardener_tui.widgets.footer import Hints
from gardener_tui.widgets.line_input import LineInput
from gardener_tui.widgets.plain_text import PlainText, styled

WHY = "Why should it answer? The reason goes to the audit log and stands beside its answers."


class ReasonLine(LineInput):
    """Where one writes the reason."""

    BINDINGS: ClassVar[list[BindingType]] = keymap.bindings("reason")


class Reason(Sheet[str | None]):
    """Gives the reason, or None where it was left."""

    def __init__(self, adapter: Adapter) -> None:
        super().__init__()
        self._adapter = adapter

    def compose(self) -> ComposeResult:
        """What the gate says, and the line."""
        with Vertical(classes="sheet-box") as box:
            box.border_title = Content(f"{clean_line(self._adapter.version)} has not passed")
            yield PlainText(
                styled((f"▲ {clean_line(self._adapter.caveat)}\n", "$warning"), (WHY, "$label"))
            )
            yield ReasonLine(id="name", placeholder="a reason")
        yield Hints("reason")

    def on_mount(self) -> None:
        """Focus the line."""
        self.query_one(ReasonLine).focus()

    @on(LineLeft)
    def _left(self, event: LineLeft) -> None:
        event.stop()
        self.dismiss(None)

    @on(LineInput.Submitted)
    def _submitted(self, event: LineInput.Submitted) -> None:
        event.stop()
        if written := self.query_one(ReasonLine).text.strip():
            self.dismiss(written)
