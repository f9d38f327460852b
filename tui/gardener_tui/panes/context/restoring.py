"""Keep what is searched in a project for the next screen."""

from textual.widget import Widget

from gardener_core.errors import GardenError
from gardener_core.store.garden.chats.contexts import ContextPage, ContextView
from gardener_core.store.garden.projects import Project
from gardener_tui.garden import ScreenGarden
from gardener_tui.panes.background import call, start
from gardener_tui.panes.context.lines import FilterLine
from gardener_tui.panes.context.page import NOTHING_SEARCHED
from gardener_tui.panes.context.pages.files import FilesPage
from gardener_tui.panes.context.pages.map import MapPage, open_map
from gardener_tui.panes.context.pages.search import (
    SEARCHING,
    WITH_A_TABLE,
    SearchPage,
    SearchState,
)
from gardener_tui.panes.context.stack import PageStack

KEEP_SECONDS = 2.0


class KeptContext:
    """The search line of each project, its scope and the page over it, as a screen left them.

    Hits are not kept: the index may have changed, so that they are searched again.
    """

    def __init__(self, garden: ScreenGarden, stack: PageStack, search: SearchPage) -> None:
        self._garden = garden
        self._stack = stack
        self._search = search
        self._kept: dict[str, ContextView] = {}  # by project, once it was read

    def begin(self, node: Widget) -> None:
        """Keep what changes, every few seconds."""
        node.set_interval(KEEP_SECONDS, self.keep)

    def keep(self) -> None:
        """Keep what is shown of the project in view, if it has changed."""
        project = self._stack.project
        if project is None or project.id not in self._kept or self._garden.obstacle is not None:
            return
        shown = self._shown()
        if shown != self._kept[project.id]:
            self._kept[project.id] = shown
            start(self._stack, "keep", lambda: self._store(project, shown), only=False)

    def restore(self, project: Project) -> None:
        """Show what the last screen showed of a project; once."""
        if project.id not in self._kept:
            start(self._stack, "restore", lambda: self._restore(project))

    async def _restore(self, project: Project) -> None:
        try:
            view = await call(lambda: self._garden.conversations.context(project))
        except GardenError:
            return  # what reads the project says what is wrong
        self._kept[project.id] = view
        stack, shown = self._stack, self._stack.project
        is_untouched = self._shown() == ContextView() and not self._search.rows
        if shown is None or shown.id != project.id or not is_untouched or view == ContextView():
            return
        searches = bool(view.query) and project.state in WITH_A_TABLE
        empty = SEARCHING if searches else NOTHING_SEARCHED
        self._search.take(SearchState(view.query, scope=view.scope, empty=empty))
        match view.page:
            case "files":
                page = FilesPage(self._garden, stack)
                stack.open(page)
                stack.query_one(FilterLine).value = view.filter
                page.load(project)
            case "map":
                open_map(self._garden, stack)
            case "":
                pass

    async def _store(self, project: Project, view: ContextView) -> None:
        try:
            await call(lambda: self._garden.conversations.keep_context(project, view))
        except GardenError:
            return  # the next thing that is to be kept says what is wrong

    def _shown(self) -> ContextView:
        state, page = self._search.state, self._stack.page
        name: ContextPage = ""
        if isinstance(page, FilesPage):
            name = "files"
        elif isinstance(page, MapPage):
            name = "map"
        filtered = self._stack.query_one(FilterLine).value if name == "files" else ""
        return ContextView(state.written, state.scope, name, filtered)
