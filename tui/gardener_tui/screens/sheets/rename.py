"""The sheet that gives something another name."""

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


class NameLine(LineInput):
    """Where one writes the name."""

    BINDINGS: ClassVar[list[BindingType]] = keymap.bindings("name")


Named = TypeVar("Named")


class Rename(Sheet[Named | None], Generic[Named]):
    """Asks for a name; what is wrong with it is shown here."""

    def __init__(
        self,
        title: str,
        note: str,
        name: str,
        rename: Callable[[str], Named],
        placeholder: str = "a name",
    ) -> None:
        """`name` is the present one; `rename` gives what has the new one."""
        super().__init__()
        self._title = title
        self._note = note
        self._present = name
        self._give = rename
        self._placeholder = placeholder

    def compose(self) -> ComposeResult:
        """The line with the present name, and what is wrong."""
        with Vertical(classes="sheet-box") as box:
            box.border_title = Content(self._title)
            yield PlainText(styled((self._note, "$label")))
            yield NameLine(id="name", placeholder=self._placeholder)
            yield PlainText(id="name-problem")
        yield Hints("name")

    def on_mount(self) -> None:
        """Focus the line, with the present name in it."""
        line = self.query_one(NameLine)
        line.write(self._present)
        line.focus()

    @on(LineLeft)
    def _left(self, event: LineLeft) -> None:
        event.stop()
        self.dismiss(None)

    @on(LineInput.Submitted)
    def _submitted(self, event: LineInput.Submitted) -> None:
        event.stop()
        if written := self.query_one(NameLine).text.strip():
            self._rename(written)

    @work(exclusive=True, group="rename", exit_on_error=False)
    async def _rename(self, name: str) -> None:
        try:
            named = await call(lambda: self._give(name))
        except GardenError as problem:
            text = styled((f"✖ {error_text(self.app, problem)}", "$error"))
            self.query_one("#name-problem", PlainText).show(text)
            return
        self.dismiss(named)
