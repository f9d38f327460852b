"""What the four panes have in common."""

from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget
from textual.worker import Worker

from gardener_core.system.terminal_text import clean_line
from gardener_tui import toasts
from gardener_tui.widgets.plain_text import styled


class Pane(Vertical):
    """A bordered field; its number and name stand in the border, its news below."""

    def __init__(self, number: int, title: str, *, id: str) -> None:
        super().__init__(id=id, classes="pane")
        self.number = number
        self._news = Content("")
        self.title(title)

    @property
    def home(self) -> Widget:
        """The widget that takes the focus when somebody comes here."""
        return self

    @property
    def keyed(self) -> Widget:
        """The widget that the keys of this pane belong to."""
        return self

    def place_of(self, focused: Widget) -> str:
        """Which keys hold while this widget of the pane has the focus."""
        return str(self.id)

    def title(self, text: str) -> None:
        """Write into the upper border, beside the number."""
        self.border_title = Content.assemble(
            (str(self.number), "bold $accent"), f" {clean_line(text)}"
        )

    def news(self, text: str | Content) -> None:
        """Write into the lower border."""
        content = styled(clean_line(text) if isinstance(text, str) else text)
        if not content.is_same(self._news):
            self._news = content
            self.border_subtitle = content

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Show the error of a call that failed."""
        toasts.tell_worker(self.app, event)
