"""The code of the current row, or why it is there."""

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.containers import ScrollableContainer, Vertical
from textual.content import Content

from gardener_core.system.terminal_text import clean_line
from gardener_tui.panes.context.spot import Spot
from gardener_tui.widgets.plain_text import PlainText, styled
from gardener_tui.widgets.wording import lines, path_end

NAME_FROM = 60  # in less the path needs all the room
COLUMNS = 16  # that a key scrolls along a long line
ABOVE = 3  # lines that stay above the one that is looked for


class DetailText(ScrollableContainer, can_focus=False):
    """What scrolls below the head."""


class Detail(Vertical):
    """A head with the whole place, and what is told about it."""

    def __init__(self) -> None:
        super().__init__(id="detail")
        self._spot: Spot | None = None

    def compose(self) -> ComposeResult:
        """Head and text."""
        yield PlainText(id="detail-head")
        with DetailText():
            yield PlainText(id="detail-text")

    def head(self, spot: Spot | None) -> None:
        """Say which piece of code it is."""
        self._spot = spot
        self._tell_head()

    def say(self, text: Content) -> None:
        """Show sentences."""
        self._fill(text, 0, sentences=True)

    def show(self, code: Content, line: int = 0) -> None:
        """Show code from its beginning, or with a line of it in view."""
        self._fill(code, line, sentences=False)

    def _fill(self, text: Content, line: int, sentences: bool) -> None:
        self.set_class(sentences, "-sentences")
        self.query_one("#detail-text", PlainText).show(text)
        box = self.query_one(DetailText)
        self.call_after_refresh(
            box.scroll_to, x=0, y=max(0, line - ABOVE), animate=False, force=True
        )

    def scroll(self, by: int) -> None:
        """Scroll by half of what is seen."""
        box = self.query_one(DetailText)
        box.scroll_relative(y=by * max(1, box.size.height // 2), animate=False)

    def scroll_across(self, by: int) -> None:
        """Scroll along lines that are longer than the pane is wide."""
        self.query_one(DetailText).scroll_relative(x=by * COLUMNS, animate=False)

    def on_resize(self) -> None:
        """Cut the path to the new width."""
        self._tell_head()

    def _tell_head(self) -> None:
        spot, width = self._spot, self.size.width
        if spot is None:
            self.query_one("#detail-head", PlainText).show("")
            return
        code = spot.code
        where = f":{lines(code.start_line, code.end_line)}" if spot.name else ""
        name = spot.name if width > NAME_FROM else ""
        room = max(8, width - len(where) - len(name) - 4)
        path = path_end(clean_line(code.path), room)
        gap = " " * max(2, width - cell_len(path + where + name) - 2)
        self.query_one("#detail-head", PlainText).show(
            styled((path, "bold"), (where, "$label"), gap, (name, "$label"))
        )
