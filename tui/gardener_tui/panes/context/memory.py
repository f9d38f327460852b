"""What the context pane showed of each project."""

from dataclasses import dataclass

from gardener_tui.panes.context.lines import FilterLine
from gardener_tui.panes.context.page import Page
from gardener_tui.panes.context.pages.search import SearchPage, SearchState
from gardener_tui.panes.context.stack import PageStack

MOST_PROJECTS = 6  # whose pages stay in memory


@dataclass(frozen=True, slots=True)
class ContextState:
    """What was searched and found, the pages over it with their cursors, and the filter."""

    search: SearchState
    over: tuple[Page, ...]
    filter: str


class ContextMemory:
    """Keeps what a project's pages showed, and shows it again."""

    def __init__(self, stack: PageStack, search: SearchPage) -> None:
        self._stack = stack
        self._search = search
        self._states: dict[str, ContextState] = {}  # by project; the one that was left last is last

    def keep(self, project: str) -> None:
        """Keep what is shown of a project that is left; that of the longest unseen one goes."""
        self._states.pop(project, None)
        self._states[project] = ContextState(
            self._search.state, self._stack.over_first, self._stack.query_one(FilterLine).value
        )
        for old in list(self._states)[:-MOST_PROJECTS]:
            del self._states[old]

    def show(self, project: str) -> None:
        """Show a project as it was left, or nothing yet."""
        state = self._states.get(project)
        if state is None:
            self._search.leave_project()
            return
        self._search.take(state.search)
        self._stack.query_one(FilterLine).value = state.filter
        self._stack.lay(state.over)

    def forget(self, project: str) -> None:
        """Forget a project that is gone."""
        self._states.pop(project, None)
