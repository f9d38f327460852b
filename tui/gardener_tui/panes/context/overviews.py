"""Pages about the whole project: its map, and how well it is searched."""

from typing import TYPE_CHECKING

from textual import work

from gardener_core.search.measuring.records import Retrieval
from gardener_core.store.garden.projects import Project
from gardener_tui import keymap, toasts
from gardener_tui.panes.background import call, each
from gardener_tui.panes.context.lines import QueryLine
from gardener_tui.panes.context.map import map_rows
from gardener_tui.panes.context.measured import measured_rows
from gardener_tui.panes.context.search import SearchView
from gardener_tui.panes.context.view import NOT_MEASURED, Page
from gardener_tui.remedies import advice
from gardener_tui.widgets.wording import beginning, count, counted

if TYPE_CHECKING:
    from gardener_core.garden.door import Garden

DRAWING = "Drawing the map …"
MEASURING = "Measuring …"
LONGEST_TITLE = 30


class Overviews(SearchView):
    """Draws the map towards what is searched for, and shows the last measurement."""

    def __init__(self, garden: "Garden") -> None:
        super().__init__(garden)
        self.measured: Retrieval | None = None
        self._measuring: Project | None = None

    def action_map(self) -> None:
        """Show what matters most in the project, for what stands in the search line."""
        if self._project is not None and self.page.name != "map":
            question = self.query_one(QueryLine).text.strip()
            towards = f" for {beginning(question, LONGEST_TITLE)}" if question else ""
            self.open_page(Page("map", f"map{towards}", (), nothing=DRAWING))
            self._draw_map(self._project, question)

    @work(exclusive=True, group="overview", exit_on_error=False)
    async def _draw_map(self, project: Project, question: str) -> None:
        with self.filling("map"):
            drawn = await call(lambda: self._garden.index.map(project, question=question))
        if self.page.name == "map":
            symbols = sum(len(file.symbols) for file in drawn.files)
            self.page.nothing = advice(drawn.note, drawn.remedy, keymap.of(self.app))
            told = f"{counted(symbols, 'symbol')} of {counted(len(drawn.files), 'file')}"
            self.show_rows(map_rows(drawn), f"{told} · {count(drawn.tokens)} tokens")
            self.list.focus()

    def action_measured(self) -> None:
        """Show how well search answered questions of this project; on that page, measure it."""
        if self._project is None:
            return
        if self.page.name != "measured":
            self.open_page(Page("measured", "measured", (), nothing="…"))
            self._load_measured(self._project)
        elif self._measuring is None:
            self._measure(self._project)
        elif self._measuring != self._project:
            toasts.tell(
                self.app,
                f"{self._measuring.name} is still being measured; one project at a time.",
                "warning",
            )

    @work(exclusive=True, group="measure", exit_on_error=False)
    async def _measure(self, project: Project) -> None:
        """Ask the project's own questions; every file is read, so it takes a while."""
        self._measuring = project
        try:
            async for told in each(lambda stop: self._garden.index.measure(project)):
                if self.page.name == "measured":
                    self.page.nothing = f"{MEASURING}\n{told}"
                    self.page.told = MEASURING
                    self.news(MEASURING)
                    self.say_nothing()
        finally:
            self._measuring = None
        if self.page.name == "measured" and self._project == project:
            self._load_measured(project)
        else:
            key = keymap.of(self.app).key("context.measured").shown
            toasts.tell(self.app, f"Search in {project.name} is measured; {key} shows it.")

    @work(exclusive=True, group="overview", exit_on_error=False)
    async def _load_measured(self, project: Project) -> None:
        with self.filling("measured"):
            self.measured = await call(lambda: self._garden.index.retrieval(project))
        if self.page.name == "measured":
            found = self.measured
            self.page.nothing = NOT_MEASURED
            told = f"{found.embedder} · {count(found.chunks)} chunks" if found else ""
            self.show_rows(measured_rows(found), told)
            self.list.focus()
