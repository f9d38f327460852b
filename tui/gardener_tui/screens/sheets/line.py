"""The sheet that asks for a line of text."""

from collections.abc import Callable
from typing import ClassVar, Generic, TypeVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content

from gardener_core.errors import GardenError
from gardener_tui import keymap
from gardener_tui.messages import LineLeft
from gardener_tui.panes.background import call
from gardener_tui.screens.sheet import Sheet
from gardener_tui.toasts import error_text
from gardener_tui.widgets.footer import Hints
from gardener_tui.widgets.line_input import LineInput
from gardener_tui.widgets.plain_text import PlainText, styled


class WrittenLine(LineInput):
    """Where one writes it."""

    BINDINGS: ClassVar[list[BindingType]] = keymap.bindings("name")


Made = TypeVar("Made")


class LineSheet(Sheet[Made | None], Generic[Made]):
    """Asks for a name, a folder or a reason; what is wrong with it is shown here."""

    def __init__(
        self,
        title: str,
        note: str,
        present: str,
        take: Callable[[str], Made],
        placeholder: str = "a name",
    ) -> None:
        """`present` stands in the line; `take` gives what was made of what is written."""
        super().__init__()
        self._title = title
        self._note = note
        self._present = present
        self._take = take
        self._placeholder = placeholder

    def compose(self) -> ComposeResult:
        """The line, and what is wrong with it."""
        with Vertical(classes="sheet-box") as box:
            box.border_title = Content(self._title)
            yield PlainText(styled((self._note, "$label")))
            yield WrittenLine(id="name", placeholder=self._placeholder)
            yield PlainText(id="name-problem")
        yield Hints("name")

    def on_mount(self) -> None:
        """Focus the line, with the present text in it."""
        line = self.query_one(WrittenLine)
        line.write(self._present)
        line.focus()

    @on(LineLeft)
    def _left(self, event: LineLeft) -> None:
        event.stop()
        self.dismiss(None)

    @on(LineInput.Submitted)
    def _submitted(self, event: LineInput.Submitted) -> None:
        event.stop()
        if written := self.query_one(WrittenLine).text.strip():
            self._make(written)

    @work(exclusive=True, group="take", exit_on_error=False)
    async def _make(self, written: str) -> None:
        try:
            made = await call(lambda: self._take(written))
        except GardenError as problem:
            text = styled((f"✖ {error_text(self.app, problem)}", "$error"))
            self.query_one("#name-problem", PlainText).show(text)
            return
        self.dismiss(made)
