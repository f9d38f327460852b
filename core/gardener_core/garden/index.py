"""Search a project, and see what its index leaves out."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from gardener_core.code.files.listing import LONG_LINES, find_files
from gardener_core.code.languages.table import language_of
from gardener_core.engine.client import Engine
from gardener_core.engine.protocol import (
    CheckRequest,
    SearchRequest,
    TryEmbedderRequest,
    WatchRequest,
)
from gardener_core.errors import BadInput, Damaged, ProjectEmptied, Remedy
from gardener_core.events.index import EmbedderTried, Retrieved, TableChecked
from gardener_core.events.parts import SkippedFile
from gardener_core.events.union import Event
from gardener_core.garden.settings import SettingsDoor
from gardener_core.graph.map import ProjectMap, draw
from gardener_core.search.embedders.choice import choice_of
from gardener_core.search.indexing.emptied import refuse_emptying
from gardener_core.search.indexing.folder_diff import compare_folder
from gardener_core.search.measuring.records import Retrieval, last_record
from gardener_core.search.query import Filter, Scope, filters_of
from gardener_core.settings.reading import parse_value
from gardener_core.settings.schema import MOST_RESULTS
from gardener_core.store.garden.projects import Project
from gardener_core.store.project.catalog import Catalog, KnownFile
from gardener_core.system.files.atomic import bytes_under
from gardener_core.system.places import Places
from gardener_core.upkeep.bench_project import bench_project

QUESTIONS = 300  # docs, and commits, that a measurement asks for
MAP_TOKENS = 2000
MAP_HITS = 20
ANYWAY = "Read it all the same: --anyway PATH"
RETRY = "Read it again: --retry PATH"
# Filters whose values are known beforehand.
_CHOICES = frozenset({"lang", "kind"})
MOST_CHOICES = 8

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


# What a person can have done about a file; nothing where nothing helps.
FileRemedy = Literal["", "anyway", "by rule", "again"]


@dataclass(frozen=True, slots=True)
class ProjectFile:
    """A file of the catalog; `reason` says why it is left out.

    `hidden` are line and rule of each secret that is hidden in it.
    """

    path: str
    language: str
    bytes: int
    chunks: int
    hidden: tuple[tuple[int, str], ...]
    reason: str
    state: Literal["indexed", "left out", "failed"]
    remedy: FileRemedy


@dataclass(frozen=True, slots=True)
class Health:
    """How an index is: bytes on the disk, files that changed since, and what is wrong with it."""

    bytes: int
    changed: int
    problem: str = ""


class Index:
    """A project's index: search, map, files, health."""

    def __init__(self, places: Places, engine: Engine, settings: SettingsDoor) -> None:
        self._places = places
        self._engine = engine
        self._settings = settings

    def watch(self, project: Project, cancelled: Callable[[], bool]) -> Iterator[Event]:
        """Keep the index fresh until cancelled: `Watching`, then `Refreshed` or `Stale`."""
        may_leave = self._settings.current(project).search.code_may_leave
        return self._engine.answer(
            WatchRequest(project.id, str(project.path), may_leave), cancelled
        )

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
        catalog = Catalog(self._places.catalog(project.id))
        hits = self.search(project, question, MAP_HITS).hits if question.strip() else ()
        with catalog.checking_for_damage():
            return draw(catalog, project, tokens, hits)

    def retrieval(self, project: Project) -> Retrieval | None:
        """How well search answered questions made of this project, when it was last measured."""
        return last_record(self._places.project(project.id))

    def measure(self, project: Project) -> Iterator[str]:
        """Measure how well search answers questions made of this project; tells how far it is."""
        may_leave = self._settings.current(project).search.code_may_leave
        sizes = [QUESTIONS, int(may_leave)]
        for told in bench_project("retrieval", self._places, project, sizes):
            if isinstance(told, str):
                yield told

    def try_embedder(self, project: Project, wanted: str) -> EmbedderTried:
        """What it would cost to find by another embedder, measured on a few chunks."""
        parse_value("search.embedder", wanted)
        settings = self._settings.current(project).search
        choice = choice_of(replace(settings, embedder=wanted))
        request = TryEmbedderRequest(project.id, choice, settings.code_may_leave)
        return self._engine.result(request, EmbedderTried)

    def skipped(self, project: Project) -> list[LeftOutFile]:
        """The files that were left out, and what can be done about each.

        What the index knows of comes first, then what can never get into it, as it is now.
        """
        catalog = Catalog(self._places.catalog(project.id))
        beside = find_files(project.path).unreadable if project.path.is_dir() else ()
        with catalog.checking_for_damage():
            known = [
                LeftOutFile(
                    path=file.path,
                    reason=file.skipped,
                    helps=_HELPS.get(file.skipped, RETRY),
                    by_rule=_HELPS.get(file.skipped) == ANYWAY,
                )
                for file in catalog.files().values()
                if file.skipped
            ]
        return [*known, *(LeftOutFile(each.path, each.reason, "", False) for each in beside)]

    def filters(self, project: Project, query: str) -> tuple[Filter, ...]:
        """The filters of a query, with what is wrong with them in this project."""
        found = filters_of(query)
        if not any(item.key in _CHOICES for item in found):
            return found
        catalog = Catalog(self._places.catalog(project.id))
        with catalog.checking_for_damage():
            known = {"lang": catalog.sources.languages(), "kind": catalog.symbols.kinds()}
            return tuple(_checked(item, known.get(item.key, ())) for item in found)

    def files(self, project: Project) -> list[ProjectFile]:
        """Every file that the catalog knows, by its path, and what can never get into it."""
        catalog = Catalog(self._places.catalog(project.id))
        with catalog.checking_for_damage():
            anyway, known = catalog.anyway(), catalog.files()
            files = [_project_file(file, file.path in anyway) for file in known.values()]
        beside = find_files(project.path).unreadable if project.path.is_dir() else ()
        files += [_unreadable(item) for item in beside if item.path not in known]
        return sorted(files, key=lambda file: file.path)

    def health(self, project: Project) -> Health:
        """Look at the index and the folder; costs a list of the files and a look at each."""
        folder = self._places.project(project.id)
        size = bytes_under(folder) if folder.is_dir() else 0
        if project.state == "new":
            return Health(size, 0)
        if not project.path.is_dir():
            return Health(size, 0, "its folder is not there")
        if project.chunks and not self._places.index(project.id).is_dir():
            return Health(size, 0, "its index is not there")
        catalog = Catalog(self._places.catalog(project.id))
        with catalog.checking_for_damage():
            seen = compare_folder(project.path, catalog)
        return Health(size, len(seen.moved) + len(seen.gone))

    def emptied(self, project: Project) -> str:
        """What is suddenly gone from the folder, while the index still holds it; mostly nothing."""
        try:
            seen = compare_folder(project.path, Catalog(self._places.catalog(project.id)))
            refuse_emptying(project.path, seen)
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

    def _catalog_with(self, project: Project, paths: Sequence[str]) -> Catalog:
        catalog = Catalog(self._places.catalog(project.id))
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


def _unreadable(item: SkippedFile) -> ProjectFile:
    return ProjectFile(
        path=item.path,
        language=language_of(item.path),
        bytes=0,
        chunks=0,
        hidden=(),
        reason=item.reason,
        state="left out",
        remedy="",
    )


def _project_file(file: KnownFile, anyway: bool) -> ProjectFile:
    helps = _HELPS.get(file.skipped, RETRY) if file.skipped else ""
    remedy: FileRemedy = "by rule" if anyway else "again"
    if helps == ANYWAY and not anyway:
        remedy = "anyway"
    elif helps and helps not in (ANYWAY, RETRY):
        remedy = ""
    return ProjectFile(
        path=file.path,
        language=language_of(file.path),
        bytes=file.bytes,
        chunks=file.chunks,
        hidden=file.secrets,
        reason=file.skipped,
        state="failed" if helps == RETRY else "left out" if file.skipped else "indexed",
        remedy=remedy,
    )
