"""The page with the map of the project."""

from gardener_core.store.garden.projects import Project
from gardener_tui import keymap
from gardener_tui.garden import ScreenGarden
from gardener_tui.panes.background import call, start
from gardener_tui.panes.context.lines import QueryLine
from gardener_tui.panes.context.page import EmptyText, Page
from gardener_tui.panes.context.rows.map import map_rows
from gardener_tui.panes.context.stack import PageStack
from gardener_tui.remedies import advice
from gardener_tui.widgets.wording import beginning, count, counted

LONGEST_TITLE = 30


class MapPage(Page):
    """What matters most in a project, ranked towards a question where there is one."""

    about_project = True

    def __init__(
        self, garden: ScreenGarden, stack: PageStack, project: Project, question: str
    ) -> None:
        towards = f" for {beginning(question, LONGEST_TITLE)}" if question else ""
        super().__init__(f"map{towards}", empty=EmptyText("Drawing the map …"))
        self._garden = garden
        self._stack = stack
        self._project = project
        self._question = question

    async def load(self) -> None:
        """Draw the map; its rows come when it is done."""
        project, question = self._project, self._question
        with self._stack.while_loading(self):
            drawn = await call(lambda: self._garden.index.map(project, question=question))
        self.empty = EmptyText(advice(drawn.note, drawn.remedy, keymap.of(self._stack.app)))
        symbols = sum(len(file.symbols) for file in drawn.files)
        size = f"{counted(symbols, 'symbol')} of {counted(len(drawn.files), 'file')}"
        self.rows, self.summary = map_rows(drawn), f"{size} · {count(drawn.tokens)} tokens"
        self._stack.redraw(self)
        if self._stack.page is self:
            self._stack.rows.focus()


def open_map(garden: ScreenGarden, stack: PageStack) -> None:
    """Open the map for what stands in the search line, unless a map is open."""
    if stack.project is not None and not isinstance(stack.page, MapPage):
        question = stack.query_one(QueryLine).text.strip()
        page = MapPage(garden, stack, stack.project, question)
        stack.open(page)
        start(stack, "map", page.load)
