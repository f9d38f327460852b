"""What the four panes have in common."""

from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget
from textual.worker import Worker

from gardener_core.plain import clean_line
from gardener_tui import toasts


class Pane(Vertical):
    """A bordered field; its number and name stand in the border, its news below."""

    def __init__(self, number: int, title: str, *, id: str) -> None:
        super().__init__(id=id, classes="pane")
        self.number = number
        self._news = ""
        self.border_title = Content.assemble((str(number), "bold $accent"), f" {title}")

    @property
    def home(self) -> Widget:
        """The widget that takes the focus when somebody comes here."""
        return self

    def place_of(self, focused: Widget) -> str:
        """Which keys hold while this widget of the pane has the focus."""
        return str(self.id)

    def news(self, text: str) -> None:
        """Write into the lower border."""
        if text != self._news:
            self._news = text
            self.border_subtitle = Content(clean_line(text))

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Show the error of a call that failed."""
        toasts.tell_worker(self.app, event)
