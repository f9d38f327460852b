"""Search a project, and see what its index leaves out."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from gardener_core.engine.client import Engine
from gardener_core.engine.protocol import (
    CheckRequest,
    SearchRequest,
    TryEmbedderRequest,
    WatchRequest,
)
from gardener_core.errors import BadInput, Damaged, ProjectEmptied, Remedy
from gardener_core.events.index import EmbedderTried, Retrieved, Stale, TableChecked
from gardener_core.events.union import Event
from gardener_core.garden.settings import SettingsDoor
from gardener_core.graph.map import ProjectMap, draw_map
from gardener_core.search.embedders.choice import EmbedderChoice, choice_of, weight_of
from gardener_core.search.indexing.emptied import refuse_emptying
from gardener_core.search.indexing.files import (
    LeftOutFile,
    ProjectFile,
    left_out_files,
    project_files,
)
from gardener_core.search.indexing.folder_diff import compare_folder
from gardener_core.search.measuring.records import Retrieval, last_record
from gardener_core.search.query import Filter, Scope, filters_of
from gardener_core.settings.reading import parse_value
from gardener_core.settings.schema import MOST_RESULTS
from gardener_core.store.garden.projects import Project, ProjectTable
from gardener_core.store.garden.runs import Run
from gardener_core.store.project.catalog import Catalog
from gardener_core.store.project.fusion_weights import Weight
from gardener_core.system.files.atomic import bytes_under
from gardener_core.system.places import Places
from gardener_core.upkeep.bench_project import bench_project

QUESTIONS = 300  # docs, and commits, that a measurement asks for
MAP_TOKENS = 2000
MAP_HITS = 20
# Filters whose values are known beforehand.
_CHOICES = frozenset({"lang", "kind"})
MOST_CHOICES = 8


@dataclass(frozen=True, slots=True)
class Health:
    """How an index is: bytes on the disk, files that changed since, and what is wrong with it.

    `missing` is the part that is not there, where that is what is wrong.
    """

    bytes: int
    changed: int
    problem: str = ""
    missing: Literal["", "folder", "index"] = ""


class Index:
    """A project's index: search, map, files, health."""

    def __init__(
        self,
        places: Places,
        engine: Engine,
        settings: SettingsDoor,
        projects: ProjectTable,
        start_index: Callable[[Project], Run],
    ) -> None:
        self._places = places
        self._engine = engine
        self._settings = settings
        self._projects = projects
        self._start_index = start_index

    def watch(self, project: Project, cancelled: Callable[[], bool]) -> Iterator[Event]:
        """Keep the index fresh until cancelled: `Watching`, then `Refreshed` or `Stale`.

        After `Stale` an index run is on its way; where one is already, the event is left out.
        """
        may_leave = self._settings.current(project).search.code_may_leave
        request = WatchRequest(project.id, str(project.path), may_leave)
        for event in self._engine.answer(request, cancelled):
            if isinstance(event, Stale):
                if self._projects.get(project.id).state != "ready":
                    continue  # it is being indexed, or the user stopped that
                self._start_index(project)
            yield event

    def search(
        self, project: Project, query: str, k: int | None = None, scope: Scope = "all"
    ) -> Retrieved:
        """The best pieces of code for a query; of all, the best tests stand apart."""
        if not query.strip():
            raise BadInput("The query is empty.", hint="Type a few words of what you look for.")
        settings = self._settings.current(project).search
        results = settings.results if k is None else k
        if not 1 <= results <= MOST_RESULTS:
            raise BadInput(f"-k takes a number from 1 to {MOST_RESULTS}, not {results}.")
        request = SearchRequest(project.id, query, results, scope, settings.code_may_leave)
        return self._engine.result(request, Retrieved)

    def map(self, project: Project, tokens: int = MAP_TOKENS, question: str = "") -> ProjectMap:
        """What matters most in a project, cut to a budget; a question draws it towards its hits."""
        if tokens < 1:
            raise BadInput(
                f"A map takes at least 1 token, not {tokens}.", hint="Try: --tokens 2000"
            )
        catalog = self._catalog(project)
        hits = self.search(project, question, MAP_HITS).hits if question.strip() else ()
        with catalog.checking_for_damage():
            return draw_map(catalog, project, tokens, hits)

    def retrieval(self, project: Project) -> Retrieval | None:
        """The last measurement of search on this project."""
        return last_record(self._places.project(project.id))

    def measure(self, project: Project) -> Iterator[str]:
        """Measure how well search answers questions made from this project; sets no weight."""
        may_leave = self._settings.current(project).search.code_may_leave
        sizes = [QUESTIONS, int(may_leave)]
        for line in bench_project("retrieval", self._places, project, sizes):
            if isinstance(line, str):
                yield line

    def apply_weight(self, project: Project) -> Weight:
        """Let searches follow the weight that was measured last."""
        found = self.retrieval(project)
        weight = found.chosen_weight() if found else None
        if weight is None:
            raise BadInput(
                f"No weight was measured for {project.name!r}.", remedy=Remedy("measure search")
            )
        self._catalog(project).weights.put(weight)
        return weight

    def weight(self, project: Project, measured: Retrieval) -> float:
        """The weight that searches by the measured embedder follow now."""
        kept = self._catalog(project).weights.get(measured.embedder)
        usual = EmbedderChoice(measured.embedder).assumed_weight
        return weight_of(usual, kept.weight if kept else None)

    def try_embedder(self, project: Project, wanted: str) -> EmbedderTried:
        """What it would cost to find by another embedder, measured on a few chunks."""
        parse_value("search.embedder", wanted)
        settings = self._settings.current(project).search
        choice = choice_of(replace(settings, embedder=wanted))
        request = TryEmbedderRequest(project.id, choice, settings.code_may_leave)
        return self._engine.result(request, EmbedderTried)

    def skipped(self, project: Project) -> list[LeftOutFile]:
        """The files that were left out, and what can be done about each."""
        return left_out_files(self._catalog(project), project)

    def filters(self, project: Project, query: str) -> tuple[Filter, ...]:
        """The filters of a query, with what is wrong with them in this project."""
        filters = filters_of(query)
        if not any(item.key in _CHOICES for item in filters):
            return filters
        catalog = self._catalog(project)
        with catalog.checking_for_damage():
            known = {"lang": catalog.sources.languages(), "kind": catalog.symbols.kinds()}
            return tuple(_checked(item, known.get(item.key, ())) for item in filters)

    def files(self, project: Project) -> list[ProjectFile]:
        """Every file that the catalog knows, by its path, and those that can never be read."""
        return project_files(self._catalog(project), project)

    def health(self, project: Project) -> Health:
        """Look at the index and the folder; costs a list of the files and a look at each."""
        folder = self._places.project(project.id)
        size = bytes_under(folder) if folder.is_dir() else 0
        if project.state == "new":
            return Health(size, 0)
        if not project.path.is_dir():
            return Health(size, 0, "its folder is not there", "folder")
        if project.chunks and not self._places.index(project.id).is_dir():
            return Health(size, 0, "its index is not there", "index")
        catalog = self._catalog(project)
        with catalog.checking_for_damage():
            diff = compare_folder(project.path, catalog)
        return Health(size, len(diff.changed) + len(diff.gone))

    def emptied(self, project: Project) -> str:
        """What is suddenly gone from the folder, while the index still holds it; mostly nothing."""
        try:
            diff = compare_folder(project.path, self._catalog(project))
            refuse_emptying(project.path, diff)
        except ProjectEmptied as lost:
            return lost.what
        except Damaged:  # an index run reads every file, and loses nothing by it
            return ""
        return ""

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

    def _catalog(self, project: Project) -> Catalog:
        return Catalog(self._places.catalog(project.id))

    def _catalog_with(self, project: Project, paths: Sequence[str]) -> Catalog:
        catalog = self._catalog(project)
        with catalog.checking_for_damage():
            known = catalog.files()
        for path in paths:
            if path not in known:
                raise BadInput(
                    f"{path} is no file of {project.name!r}.",
                    remedy=Remedy("list skipped files", project.name),
                )
        return catalog

    def check(self, project: Project) -> TableChecked:
        """Read the whole table, and say what is wrong with it."""
        return self._engine.result(CheckRequest(project.id), TableChecked)


def _checked(item: Filter, known: Sequence[str]) -> Filter:
    """A filter that fits nothing here says what there is."""
    if item.problem or not known or item.value.lower() in known:
        return item
    return replace(item, problem=f"nothing here is that; {', '.join(known[:MOST_CHOICES])}")
