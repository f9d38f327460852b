"""Searching, as the faces see it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from gardener_core.desk.client import Desk
from gardener_core.desk.wire import CheckRequest, SearchRequest, TryEmbedderRequest, WatchRequest
from gardener_core.errors import BadInput, EngineLost
from gardener_core.events import EmbedderTried, Event, Retrieved, TableChecked
from gardener_core.garden.settings import SettingsDoor
from gardener_core.keeping.catalog import Catalog
from gardener_core.keeping.projects import Project
from gardener_core.places import Places
from gardener_core.reading.files import LONG_LINES
from gardener_core.recall.embedders.choice import choice_of
from gardener_core.recall.query import Scope
from gardener_core.settings import parse_value

ANYWAY = "Read it all the same: --anyway PATH"
RETRY = "Read it again: --retry PATH"


# What lets a file in that a rule leaves out; nothing does for other reasons.
_HELPS = {
    "vendored": ANYWAY,
    "generated": ANYWAY,
    "lock file": ANYWAY,
    "larger than 1 MB": ANYWAY,
    LONG_LINES: ANYWAY,
    "holds secrets": "Never read; give it another name if it holds none.",
    "binary": "Never read; it is read when it becomes text.",
}


@dataclass(frozen=True, slots=True)
class LeftOutFile:
    """A file that is not in the index: why, what helps, and whether `anyway` lets it in."""

    path: str
    reason: str
    helps: str
    by_rule: bool


class Index:
    """Search a project, and see what its index leaves out."""

    def __init__(self, places: Places, desk: Desk, settings: SettingsDoor) -> None:
        self._places = places
        self._desk = desk
        self._settings = settings

    def watch(self, project: Project, cancelled: Callable[[], bool]) -> Iterator[Event]:
        """Keep the index fresh until cancelled: `Watching`, then `Refreshed` or `Stale`."""
        may_leave = self._settings.current(project).search.code_may_leave
        return self._desk.answer(WatchRequest(project.id, str(project.path), may_leave), cancelled)

    def search(
        self, project: Project, query: str, k: int | None = None, scope: Scope = "all"
    ) -> Retrieved:
        """The best pieces of code for a query; of all, the best tests stand apart."""
        if not query.strip():
            raise BadInput("The query is empty.", hint="Type a few words of what you look for.")
        settings = self._settings.current(project).search
        results = settings.results if k is None else k
        if results < 1:
            raise BadInput(f"-k must be at least 1, not {results}.", hint="")
        request = SearchRequest(project.id, query, results, scope, settings.code_may_leave)
        for event in self._desk.answer(request):
            if isinstance(event, Retrieved):
                return event
        raise EngineLost("The search ended without a result.", hint="Search again.")

    def try_embedder(self, project: Project, wanted: str) -> EmbedderTried:
        """What it would cost to find by another embedder, measured on a few chunks."""
        parse_value("search.embedder", wanted)
        settings = self._settings.current(project).search
        choice = choice_of(replace(settings, embedder=wanted))
        request = TryEmbedderRequest(project.id, choice, settings.code_may_leave)
        for event in self._desk.answer(request):
            if isinstance(event, EmbedderTried):
                return event
        raise EngineLost("The trial ended without a result.", hint="Try again.")

    def skipped(self, project: Project) -> list[LeftOutFile]:
        """The files that were left out, and what can be done about each."""
        files = Catalog(self._places.catalog(project.id)).files().values()
        return [
            LeftOutFile(
                path=file.path,
                reason=file.skipped,
                helps=_HELPS.get(file.skipped, RETRY),
                by_rule=_HELPS.get(file.skipped) == ANYWAY,
            )
            for file in files
            if file.skipped
        ]

    def retry(self, project: Project, paths: Sequence[str]) -> None:
        """Let the next run read these files again, as if they had changed."""
        self._catalog_with(project, paths).forget(paths)

    def decide(self, project: Project, paths: Sequence[str], *, anyway: bool) -> None:
        """Take these files though a rule leaves them out, or leave it to the rules again.

        The next run does it. Secrets and binaries stay out.
        """
        catalog = self._catalog_with(project, paths)
        catalog.want(paths, anyway=anyway)
        catalog.forget(paths)

    def _catalog_with(self, project: Project, paths: Sequence[str]) -> Catalog:
        catalog = Catalog(self._places.catalog(project.id))
        known = catalog.files()
        for path in paths:
            if path not in known:
                raise BadInput(
                    f"{path} is no file of {project.name!r}.",
                    hint=f"Give it as: gardener index {project.name} --skipped",
                )
        return catalog

    def check(self, project: Project) -> TableChecked:
        """Read the whole table, and say what is wrong with it."""
        for event in self._desk.answer(CheckRequest(project.id)):
            if isinstance(event, TableChecked):
                return event
        raise EngineLost("The check ended without a result.", hint="Try again.")
