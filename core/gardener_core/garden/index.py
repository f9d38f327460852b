"""Searching, as the faces see it."""

from collections.abc import Callable, Iterator

from gardener_core.desk.client import Desk
from gardener_core.desk.wire import CheckRequest, SearchRequest, WatchRequest
from gardener_core.errors import BadInput, EngineLost
from gardener_core.events import Event, Retrieved, TableChecked
from gardener_core.garden.settings import settings_in_force
from gardener_core.keeping.projects import Project
from gardener_core.places import Places


class Index:
    """Search a project."""

    def __init__(self, places: Places, desk: Desk) -> None:
        self._places = places
        self._desk = desk

    def watch(self, project: Project, cancelled: Callable[[], bool]) -> Iterator[Event]:
        """Keep the index fresh until cancelled: `Watching`, then `Refreshed` or `Stale`."""
        return self._desk.answer(WatchRequest(project.id, str(project.path)), cancelled)

    def search(self, project: Project, query: str, k: int | None = None) -> Retrieved:
        """The best pieces of code for a query."""
        if not query.strip():
            raise BadInput("The query is empty.", hint="Type a few words of what you look for.")
        results = settings_in_force(self._places).search.results if k is None else k
        if results < 1:
            raise BadInput(f"-k must be at least 1, not {results}.", hint="")
        for event in self._desk.answer(SearchRequest(project.id, query, results)):
            if isinstance(event, Retrieved):
                return event
        raise EngineLost("The search ended without a result.", hint="Search again.")

    def check(self, project: Project) -> TableChecked:
        """Read the whole table, and say what is wrong with it."""
        for event in self._desk.answer(CheckRequest(project.id)):
            if isinstance(event, TableChecked):
                return event
        raise EngineLost("The check ended without a result.", hint="Try again.")
