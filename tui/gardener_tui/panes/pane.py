"""What the four panes have in common."""

from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget
from textual.worker import Worker

from gardener_core.system.terminal_text import clean_line
from gardener_tui import toasts
from gardener_tui.widgets.plain_text import styled


class Pane(Vertical):
    """A bordered field with its number and title above and a summary below."""

    def __init__(self, number: int, title: str, *, id: str) -> None:
        super().__init__(id=id, classes="pane")
        self.number = number
        self._summary = Content("")
        self.set_title(title)

    @property
    def home(self) -> Widget:
        """The widget that takes the focus when the pane is entered."""
        return self

    @property
    def key_owner(self) -> Widget:
        """The widget that has the actions of this pane's keys."""
        return self

    def place_of(self, focused: Widget) -> str:
        """The place, as the keymap names it, of a focused widget of this pane."""
        return str(self.id)

    def set_title(self, text: str) -> None:
        """Write into the upper border, beside the number."""
        self.border_title = Content.assemble(
            (str(self.number), "bold $accent"), f" {clean_line(text)}"
        )

    def set_summary(self, text: str | Content) -> None:
        """Write into the lower border."""
        content = styled(clean_line(text) if isinstance(text, str) else text)
        if not content.is_same(self._summary):
            self._summary = content
            self.border_subtitle = content

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Show the error of a call that failed."""
        toasts.show_worker_error(self.app, event)
