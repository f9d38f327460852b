"""The page with the measured quality of search."""

from textual.content import Content

from gardener_core.search.measuring.records import Retrieval
from gardener_core.store.garden.projects import Project
from gardener_tui import keymap, toasts
from gardener_tui.garden import ScreenGarden
from gardener_tui.keymap import Keymap
from gardener_tui.panes.background import call, each, start
from gardener_tui.panes.context.page import EmptyText, Page
from gardener_tui.panes.context.rows.measured import ArmRow, measured_rows, measured_text
from gardener_tui.panes.context.stack import PageStack
from gardener_tui.widgets.rows import Row
from gardener_tui.widgets.wording import count

LOADING = EmptyText("…")
MEASURING = "Measuring …"
NOT_MEASURED = EmptyText(
    "The quality of search here has not been measured yet.",
    (("context.measured", "measures it: every file is read, it takes a while"),),
)


class MeasuredPage(Page):
    """The last measurement of a project: each way of ranking and its figures."""

    about_project = True

    def __init__(self, garden: ScreenGarden, stack: PageStack, project: Project) -> None:
        super().__init__("measured", empty=LOADING)
        self._garden = garden
        self._stack = stack
        self.project = project
        self._retrieval: Retrieval | None = None

    async def load(self) -> None:
        """Read the last measurement, and show it."""
        with self._stack.while_loading(self):
            retrieval = await call(lambda: self._garden.index.retrieval(self.project))
        self._retrieval = retrieval
        self.empty, self.rows = NOT_MEASURED, measured_rows(retrieval)
        self.summary = ""
        if retrieval is not None:
            self.summary = f"{retrieval.embedder} · {count(retrieval.chunks)} chunks"
        self._stack.redraw(self)
        if self._stack.page is self:
            self._stack.rows.focus()

    def show_progress(self, progress: str) -> None:
        """Say how far the measurement that is being made is."""
        self.rows, self.empty = (), EmptyText(f"{MEASURING}\n{progress}")
        self.summary = MEASURING
        self._stack.redraw(self)

    def text_of(self, row: Row, wants_reason: bool, width: int, keys: Keymap) -> Content | None:
        """What a figure means."""
        if isinstance(row, ArmRow) and self._retrieval is not None:
            return measured_text(self._retrieval, row.arm)
        return None


class Measurement:
    """Opens the measured page, and measures one project at a time."""

    def __init__(self, garden: ScreenGarden, stack: PageStack) -> None:
        self._garden = garden
        self._stack = stack
        self._running: Project | None = None

    def open(self) -> None:
        """Open the page; where it is open, measure the project."""
        stack = self._stack
        if stack.project is None:
            return
        if not isinstance(stack.page, MeasuredPage):
            page = MeasuredPage(self._garden, stack, stack.project)
            stack.open(page)
            start(stack, "measured", page.load)
        elif self._running is None:
            project = stack.project
            start(stack, "measure", lambda: self._measure(project))
        elif self._running != stack.project:
            name = self._running.name
            text = f"{name} is still being measured; one project at a time."
            toasts.show(stack.app, text, "warning")

    async def _measure(self, project: Project) -> None:
        """Ask the project's own questions; every file is read, so it takes a while."""
        self._running = project
        try:
            async for progress in each(lambda stop: self._garden.index.measure(project)):
                if page := self._page_of(project):
                    page.show_progress(progress)
        finally:
            self._running = None
        if page := self._page_of(project):
            await page.load()
        else:
            key = keymap.of(self._stack.app).key("context.measured").shown
            text = f"Search in {project.name} has been measured; {key} shows it."
            toasts.show(self._stack.app, text)

    def _page_of(self, project: Project) -> MeasuredPage | None:
        """The page of this project, if it is open."""
        page = self._stack.page
        return page if isinstance(page, MeasuredPage) and page.project == project else None
