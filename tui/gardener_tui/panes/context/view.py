"""The lists of the pane, one over the other, and the code beside them."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Container
from textual.content import Content
from textual.widget import Widget

from gardener_core.errors import GardenError
from gardener_core.store.garden.projects import Project
from gardener_tui import keymap, toasts
from gardener_tui.panes.background import call
from gardener_tui.panes.context.cards import HitRow, PlaceRow
from gardener_tui.panes.context.detail import Detail
from gardener_tui.panes.context.files import FileRow, file_text
from gardener_tui.panes.context.lines import Chips, FilterLine, QueryLine
from gardener_tui.panes.context.map import MapRow
from gardener_tui.panes.context.spot import Spot
from gardener_tui.panes.context.why import why_text
from gardener_tui.panes.pane import Pane
from gardener_tui.widgets.code import numbered
from gardener_tui.widgets.empty_state import EmptyState
from gardener_tui.widgets.plain_text import styled
from gardener_tui.widgets.rows import Row, Rows

if TYPE_CHECKING:
    from gardener_core.garden.door import Garden

HITS = "hits"
NOTHING = "Nothing searched yet."
NOT_MEASURED = "How well search answers here is not measured yet."
WAYS = (("search", "searches the code"), ("context.map", "draws its map"))
WAYS_OF = {
    NOTHING: WAYS,
    NOT_MEASURED: (("context.measured", "measures it: every file is read, it takes a while"),),
}
MOST_LINES = 400
# Who runs down the list does not have every code on the way coloured.
STAYS_SECONDS = 0.03
# From here on the code stands beside the list; a row of the list has one line.
BESIDE = 104
ONE_LINE = 70
WHOLE = frozenset({"map", "measured"})  # pages that are not about the hits


@dataclass
class Page:
    """One list with where one was in it; `told` stands in the border, `nothing` where it is empty.

    Its name is hits, around, files, chosen, map or measured.
    """

    name: str
    title: str
    rows: Sequence[Row]
    told: str | Content = ""
    nothing: str = NOTHING
    at: int = 0


class ContextView(Pane):
    """Shows the uppermost page: its rows, and the code of the current one."""

    def __init__(self, garden: "Garden") -> None:
        super().__init__(3, "Context", id="context")
        self._garden = garden
        self._project: Project | None = None
        self._pages = [Page(HITS, "", ())]
        self._asks_why = False

    def compose(self) -> ComposeResult:
        """The lines to write into, the list with the code, and the state without either."""
        yield QueryLine(id="query", placeholder="Search the code")
        yield FilterLine(id="filter", placeholder="Which files?")
        yield Chips(id="chips")
        with Container(id="found"):
            yield Rows(id="hits")
            yield Detail()
        yield EmptyState(NOTHING, *WAYS, id="no-hits")

    def on_mount(self) -> None:
        """Nothing is found yet."""
        self._turn_to_page()

    @property
    def home(self) -> Widget:
        """The list: what is written by one who comes here are commands."""
        return self.list

    @property
    def list(self) -> Rows:
        """The rows of the page."""
        return self.query_one(Rows)

    @property
    def line(self) -> QueryLine | FilterLine:
        """The line that the page is written by."""
        if self.page.name == "files":
            return self.query_one(FilterLine)
        return self.query_one(QueryLine)

    @property
    def page(self) -> Page:
        """The page that is seen."""
        return self._pages[-1]

    @property
    def spot(self) -> Spot | None:
        """The code that the current row stands for."""
        row = self.list.current
        return row.spot if isinstance(row, HitRow | PlaceRow | FileRow | MapRow) else None

    def place_of(self, focused: Widget) -> str:
        """The lines one writes into have their own keys."""
        if isinstance(focused, QueryLine):
            return "query"
        return "filter" if isinstance(focused, FilterLine) else "context"

    # Pages.

    def open_page(self, page: Page) -> None:
        """Lay a page over the present one; it begins with code."""
        self._asks_why = False
        self._pages.append(page)
        self._turn_to_page()

    def first_page(self, page: Page) -> None:
        """Put all pages away for this one."""
        self._pages = [page]
        self._turn_to_page()

    def lowest_page(self, page: Page) -> None:
        """Put this in the place of the first page; those that lie over it stay."""
        self._pages[0] = page
        if len(self._pages) == 1:
            self._turn_to_page()

    def back_to_first(self) -> None:
        """Put away what lies over the first page."""
        if len(self._pages) > 1:
            self.first_page(self._pages[0])

    def close_page(self) -> bool:
        """Go back to the page below; false where there is none."""
        if len(self._pages) == 1:
            return False
        inside = self.has_focus_within
        self._pages.pop()
        self._turn_to_page()
        if inside:
            self.home.focus()
        return True

    @contextmanager
    def filling(self, name: str) -> Iterator[None]:
        """While a page gets its rows; one that cannot have them is closed, and the error told."""
        try:
            yield
        except GardenError:
            if self.page.name == name:
                self.close_page()
            raise

    def show_rows(self, rows: Sequence[Row], told: str | Content) -> None:
        """Show other rows on the present page."""
        self.page.rows, self.page.told = rows, told
        self._turn_to_page()

    def say_nothing(self) -> None:
        """The sentence where there are no rows."""
        ways = WAYS_OF.get(self.page.nothing, WAYS[:1])
        self.query_one(EmptyState).say(self.page.nothing, *ways)

    def _turn_to_page(self) -> None:
        page = self.page
        self.set_class(page.name == "files", "-files")
        self.set_class(page.name in WHOLE, "-whole")
        self.set_class(not any(not row.heading for row in page.rows), "-empty")
        # A heading brings its own room along.
        self.set_class(bool(page.rows) and page.rows[0].heading, "-grouped")
        self.title(f"Context · {page.title}" if page.title else "Context")
        self.news(page.told)
        self.say_nothing()
        self.list.show(page.rows, page.at, self._lines)

    # The current row.

    @on(Rows.Moved)
    def _moved(self, event: Rows.Moved) -> None:
        event.stop()
        self.page.at = self.list.at
        self.tell_row()

    def tell_row(self) -> None:
        """Show the code of the current row, or why it is there."""
        detail, spot, row = self.query_one(Detail), self.spot, self.list.current
        self.workers.cancel_group(self, "code")
        detail.head(spot)
        if spot is None or self._project is None:
            detail.show(Content(""))
        elif isinstance(row, FileRow) and (self._asks_why or spot.text is not None):
            detail.say(file_text(row.file, keymap.of(self.app)))
        elif self._asks_why:
            told = spot.told or "It was not searched for."
            width = detail.size.width
            detail.say(why_text(spot.hit, width) if spot.hit else styled(told))
        else:
            self._show_code(self._project, spot)

    @work(exclusive=True, group="code", exit_on_error=False)
    async def _show_code(self, project: Project, spot: Spot) -> None:
        await asyncio.sleep(STAYS_SECONDS)
        try:
            code = await call(lambda: self._code(project, spot))
        except GardenError as problem:
            told = toasts.error_text(self.app, problem)
            self.query_one(Detail).say(styled((told, "$warning")))
            return
        line = spot.uses[0] - spot.code.start_line if spot.uses else 0
        self.query_one(Detail).show(code, line)

    def _code(self, project: Project, spot: Spot) -> Content:
        """Read and coloured on a thread: a long file would hold the keys."""
        code, text = spot.code, spot.text
        if text is None:
            text = self._garden.code.quote(project, code.path, code.start_line, code.end_line)
        return numbered(text, code.start_line, code.language, MOST_LINES, spot.uses)

    # How it fits.

    @property
    def _lines(self) -> int:
        width = self.content_size.width
        return 1 if ONE_LINE <= width < BESIDE else 2

    def on_resize(self) -> None:
        """Put the code beside the list where there is room, and below it where there is not."""
        before = self.has_class("-beside"), self.list.lines
        self.set_class(self.content_size.width >= BESIDE, "-beside")
        if before != (self.has_class("-beside"), self._lines):
            self.list.show(self.page.rows, self.page.at, self._lines)
