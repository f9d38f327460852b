"""Pages one over the other; the top one is seen."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from textual import on
from textual.app import ComposeResult
from textual.containers import Container, Vertical
from textual.message import Message
from textual.worker import Worker

from gardener_core.errors import GardenError
from gardener_core.store.garden.projects import Project
from gardener_tui import keymap, toasts
from gardener_tui.garden import ScreenGarden
from gardener_tui.messages import LineLeft, LineStepped
from gardener_tui.panes.context.detail import Detail
from gardener_tui.panes.context.lines import Chips, FilterLine, QueryLine
from gardener_tui.panes.context.page import NOTHING_SEARCHED, Page
from gardener_tui.panes.context.spot import Spot, spot_of
from gardener_tui.widgets.empty_state import EmptyState
from gardener_tui.widgets.rows import Rows

# From this width on the code stands beside the list.
BESIDE = 104
# Between these widths a row of the list has one line.
ONE_LINE = range(70, BESIDE)


class PageStack(Vertical):
    """Shows the top page: its rows, and the code of the current one.

    The first page stays at the bottom. `project` is the one that all pages are about.
    """

    class Drawn(Message):
        """Another page is on top, or the top page has changed."""

    def __init__(self, garden: ScreenGarden) -> None:
        super().__init__(id="pages")
        self.project: Project | None = None
        self._detail = Detail(garden)
        self._pages = [Page()]
        self._wants_reason = False

    def begin_with(self, page: Page) -> None:
        """Put a page at the bottom, before anything is shown."""
        self._pages = [page]

    def compose(self) -> ComposeResult:
        """The input lines, the list with its code, and a text where there are no rows."""
        yield QueryLine(id="query", placeholder="Search the code")
        yield FilterLine(id="filter", placeholder="Which files?")
        yield Chips(id="chips")
        with Container(id="found"):
            yield Rows(id="hits")
            yield self._detail
        yield EmptyState(NOTHING_SEARCHED.sentence, *NOTHING_SEARCHED.keys, id="no-hits")

    def on_mount(self) -> None:
        """Draw the first page."""
        self._draw()

    @property
    def rows(self) -> Rows:
        """The list of the top page."""
        return self.query_one(Rows)

    @property
    def detail(self) -> Detail:
        """The code beside the list."""
        return self._detail

    @property
    def page(self) -> Page:
        """The top page."""
        return self._pages[-1]

    @property
    def spot(self) -> Spot | None:
        """The code that the current row stands for."""
        return spot_of(self.rows.current)

    @property
    def needed_spot(self) -> Spot | None:
        """The code of the current row; where there is none, say so."""
        if self.spot is None:
            toasts.show(self.app, "There is no code here.", "warning")
        return self.spot

    # Going from page to page.

    def open(self, page: Page) -> None:
        """Lay a page over the top one; it begins with code."""
        self._wants_reason = False
        self._pages.append(page)
        self._draw()

    @property
    def over_first(self) -> tuple[Page, ...]:
        """The pages over the first one."""
        return tuple(self._pages[1:])

    def lay(self, pages: Sequence[Page]) -> None:
        """Lay pages over the first one, each as it was left."""
        self._pages[1:] = pages
        self._draw()

    def close(self) -> None:
        """Go back to the page below, if there is one."""
        if len(self._pages) == 1:
            return
        inside = self.has_focus_within
        self._pages.pop()
        self._draw()
        if inside:
            self.rows.focus()

    def back_to_first(self) -> None:
        """Close every page over the first one."""
        if len(self._pages) > 1:
            del self._pages[1:]
            self._draw()

    def redraw(self, page: Page) -> None:
        """Draw a page that has changed, if it is the top one."""
        if self.page is page:
            self._draw()

    @contextmanager
    def while_loading(self, page: Page) -> Iterator[None]:
        """Close a page whose rows cannot be loaded; the error is raised again."""
        try:
            yield
        except GardenError:
            if self.page is page:
                self.close()
            raise

    def switch_reason(self) -> None:
        """Show why the current row is there, or its code again."""
        self._wants_reason = not self._wants_reason
        self._show_row()

    # Drawing.

    def _draw(self) -> None:
        page = self.page
        self.set_class(page.has_filter, "-files")
        self.set_class(page.about_project, "-whole")
        self.set_class(all(row.heading for row in page.rows), "-empty")
        # A heading brings its own room along.
        self.set_class(bool(page.rows) and page.rows[0].heading, "-grouped")
        self.query_one(EmptyState).say(page.empty.sentence, *page.empty.keys)
        self.rows.show(page.rows, page.at, self._lines)
        self.post_message(self.Drawn())

    def _show_row(self) -> None:
        """Show the code of the current row, or the text that its page has for it."""
        row, spot, detail = self.rows.current, self.spot, self._detail
        text = None
        if row is not None:
            width, keys = detail.size.width, keymap.of(self.app)
            text = self.page.text_of(row, self._wants_reason, width, keys)
        if text is not None:
            detail.show_text(spot, text)
        elif spot is not None and self.project is not None:
            detail.show_code(self.project, spot)
        else:
            detail.show_nothing()

    @on(Rows.Moved)
    def _moved(self, event: Rows.Moved) -> None:
        event.stop()
        self.page.at = self.rows.at
        self._show_row()

    @on(LineStepped)
    def _stepped(self, event: LineStepped) -> None:
        event.stop()
        self.rows.step(event.by)

    @on(LineLeft)
    def _left(self, event: LineLeft) -> None:
        event.stop()
        self.rows.focus()

    @property
    def _lines(self) -> int:
        return 1 if self.content_size.width in ONE_LINE else 2

    def on_resize(self) -> None:
        """Put the code beside the list where there is room, and below it where there is not."""
        before = self.has_class("-beside"), self.rows.lines
        self.set_class(self.content_size.width >= BESIDE, "-beside")
        if before != (self.has_class("-beside"), self._lines):
            self.rows.show(self.page.rows, self.page.at, self._lines)

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Show the error of a call that failed."""
        toasts.show_worker_error(self.app, event)
