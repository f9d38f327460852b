"""The code of the current row, or text about it."""

import asyncio

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.containers import ScrollableContainer, Vertical
from textual.content import Content
from textual.worker import Worker

from gardener_core.errors import GardenError
from gardener_core.store.garden.projects import Project
from gardener_core.system.terminal_text import clean_line
from gardener_tui import toasts
from gardener_tui.garden import ScreenGarden
from gardener_tui.panes.background import call, start
from gardener_tui.panes.context.spot import Spot
from gardener_tui.widgets.code import numbered
from gardener_tui.widgets.plain_text import PlainText, styled
from gardener_tui.widgets.wording import lines, path_end

MOST_LINES = 400
# Rows that are only passed on the way down have no code read and coloured.
REST_SECONDS = 0.03
NAME_FROM = 60  # below this width the path needs all the room
COLUMNS = 16  # that a key scrolls along a long line
ABOVE = 3  # lines kept above the line that is shown


class DetailText(ScrollableContainer, can_focus=False):
    """The part below the head; it scrolls."""


class Detail(Vertical):
    """A head with the place of the code, and the code or a text below it."""

    def __init__(self, garden: ScreenGarden) -> None:
        super().__init__(id="detail")
        self._garden = garden
        self._spot: Spot | None = None

    def compose(self) -> ComposeResult:
        """Head and text."""
        yield PlainText(id="detail-head")
        with DetailText():
            yield PlainText(id="detail-text")

    def show_nothing(self) -> None:
        """Show an empty field."""
        self._begin(None)
        self._fill(Content(""), 0, sentences=False)

    def show_text(self, spot: Spot | None, text: Content) -> None:
        """Show sentences about a piece of code, or about no code."""
        self._begin(spot)
        self._fill(text, 0, sentences=True)

    def show_code(self, project: Project, spot: Spot) -> None:
        """Show a piece of code, with the first line that matters in view."""
        self._begin(spot)
        start(self, "code", lambda: self._load_code(project, spot))

    async def _load_code(self, project: Project, spot: Spot) -> None:
        await asyncio.sleep(REST_SECONDS)
        try:
            code = await call(lambda: self._read(project, spot))
        except GardenError as problem:
            text = styled((toasts.error_text(self.app, problem), "$warning"))
            self._fill(text, 0, sentences=True)
            return
        line = spot.uses[0] - spot.code.start_line if spot.uses else 0
        self._fill(code, line, sentences=False)

    def _read(self, project: Project, spot: Spot) -> Content:
        """Read and colour on a thread: a long file would block the keys."""
        code, text = spot.code, spot.text
        if text is None:
            text = self._garden.code.quote(project, code.path, code.start_line, code.end_line)
        return numbered(text, code.start_line, code.language, MOST_LINES, spot.uses)

    def scroll(self, by: int) -> None:
        """Scroll by half of the visible height."""
        box = self.query_one(DetailText)
        box.scroll_relative(y=by * max(1, box.size.height // 2), animate=False)

    def scroll_across(self, by: int) -> None:
        """Scroll along lines that are longer than the pane is wide."""
        self.query_one(DetailText).scroll_relative(x=by * COLUMNS, animate=False)

    def on_resize(self) -> None:
        """Cut the path to the new width."""
        self._draw_head()

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Show the error of a call that failed."""
        toasts.show_worker_error(self.app, event)

    def _begin(self, spot: Spot | None) -> None:
        self.workers.cancel_group(self, "code")
        self._spot = spot
        self._draw_head()

    def _fill(self, text: Content, line: int, *, sentences: bool) -> None:
        self.set_class(sentences, "-sentences")
        self.query_one("#detail-text", PlainText).show(text)
        box = self.query_one(DetailText)
        self.call_after_refresh(
            box.scroll_to, x=0, y=max(0, line - ABOVE), animate=False, force=True
        )

    def _draw_head(self) -> None:
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
