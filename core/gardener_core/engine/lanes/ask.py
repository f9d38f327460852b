"""Answer questions with a card."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from gardener_core.answers.card.abstaining import NEAREST, Judge
from gardener_core.answers.card.composer import compose
from gardener_core.answers.card.evidence import Evidence, is_code
from gardener_core.answers.card.follow_up import followed
from gardener_core.answers.card.kinds import kind_of
from gardener_core.answers.card.question import Question
from gardener_core.answers.card.source_text import SourceTexts
from gardener_core.answers.chosen import pinned_code, where_they_are, without_banned
from gardener_core.answers.explain.explainer import Asked, Explainer
from gardener_core.answers.explain.known_names import KnownNames
from gardener_core.answers.explain.names import names_in
from gardener_core.answers.explain.prompt import Material
from gardener_core.answers.explain.rules import project_rules
from gardener_core.answers.requests import AskRequest, CheckNamesRequest
from gardener_core.code.languages.table import language_of
from gardener_core.code.parsing.symbols import SECTIONS
from gardener_core.engine.lanes.search import MOST_TABLES, SearchLane
from gardener_core.errors import Damaged, GardenError, IndexMissing
from gardener_core.events.answer import Answered, Composed, NamesChecked, ReadAhead
from gardener_core.events.card_text import card_text
from gardener_core.events.index import Retrieved
from gardener_core.events.parts import Citation
from gardener_core.events.union import Event
from gardener_core.graph.map import draw_map
from gardener_core.search.embedders.static import StaticEmbedder
from gardener_core.search.query import Scope
from gardener_core.search.table import ChunkTable
from gardener_core.store.database import Database
from gardener_core.store.garden.projects import Project, ProjectTable
from gardener_core.store.project.catalog import Catalog
from gardener_core.store.project.choices import ChoiceFile, Choices
from gardener_core.system.places import Places

BACKEND = "card"
# With fewer hits in code, as where documents or data drown it, code is searched alone.
FEWEST_IN_CODE = 10
ONLY_CODE = " ".join(f"-kind:{kind}" for kind in ("text", *sorted(SECTIONS)))


@dataclass(slots=True)
class _Kept:
    """What is kept of a project between questions: its files, counts of terms, maps by size."""

    root: Path
    texts: SourceTexts
    version: tuple[str, int] = ("", 0)
    counts: dict[str, int] = field(default_factory=dict)
    maps: dict[int, str] = field(default_factory=dict)


class AskLane:
    """Searches, and composes a card of what was found; called from one thread."""

    def __init__(
        self, places: Places, search: SearchLane, embedder: StaticEmbedder, explainer: Explainer
    ) -> None:
        self._places = places
        self._explainer = explainer
        self._search = search
        self._judge = Judge(embedder)
        self._kept: dict[str, _Kept] = {}

    def answer(self, request: AskRequest, cancelled: Callable[[], bool]) -> Iterator[Event]:
        """`Retrieved`, `Composed`, what a model says of it where one was named, `Answered`."""
        started = time.perf_counter()
        found, asked = self._composed(request)
        card = asked.material.card
        yield replace(found, hits=found.hits[: request.results])
        yield card
        whole = _answered(card, round(time.perf_counter() - started, 4))
        if not _explains(request, card):
            asked_in_vain = request.base and card.outcome == "answered"
            yield replace(whole, alone=_not_asked(request.base, card)) if asked_in_vain else whole
            return
        try:
            yield from self._explainer.explain(asked, whole, cancelled)
        except GardenError as problem:
            yield replace(whole, problem=f"{problem.what} {problem.hint}".rstrip())

    def read_ahead(self, request: AskRequest, cancelled: Callable[[], bool]) -> Iterator[Event]:
        """Make the card of unfinished text and read its prompt; answered by `ReadAhead`."""
        _, asked = self._composed(request)
        if cancelled():
            yield ReadAhead(0, 0, 0.0, "changed")
        elif not _explains(request, asked.material.card):
            yield ReadAhead(0, 0, 0.0, "nothing")
        else:
            yield from self._explainer.read_ahead(asked, cancelled)

    def check_names(self, request: CheckNamesRequest) -> NamesChecked:
        """Look for the names in a text."""
        table = self._search.table_of(request.project)
        root = ProjectTable(Database(self._places.database)).get(request.project).path
        catalog = Catalog(self._places.catalog(request.project))
        contents = table.contents if table else None
        known = KnownNames(root, catalog, contents, request.languages)
        names = names_in(request.text)
        unknown = tuple(name.text for name in names if not known.knows(name))
        return NamesChecked(len(names), unknown, known.judges)

    def _composed(self, request: AskRequest) -> tuple[Retrieved, Asked]:
        """The hits, and what a prompt is made of: the card above all."""
        text, about = followed(request.question, request.before)
        request = replace(request, question=text)
        found = self._find(request, text)
        hits = found.hits
        if sum(is_code(hit) and hit.role != "test" for hit in hits) < FEWEST_IN_CODE:
            more = self._find(request, f"{text} {ONLY_CODE}", "code").hits
            seen = {(hit.path, hit.start_line) for hit in hits}
            hits += tuple(hit for hit in more if (hit.path, hit.start_line) not in seen)
        catalog = Catalog(self._places.catalog(request.project))
        choices = self._choices(request.project, catalog)
        hits = without_banned(hits, choices.bans)
        table = self._search.table_of(request.project)
        project = ProjectTable(Database(self._places.database)).get(request.project)
        kept = self._kept_of(request.project, project.path, table)
        with catalog.checking_for_damage():
            evidence = Evidence(project.path, catalog, kept.texts, table, hits)
            question = Question(text, kind_of(text), about)
            card = compose(question, evidence, self._judge, kept.counts)
        card = replace(card, understood=text if about else "")
        languages = {language_of(line.path) for line in card.lines if line.n}
        names = KnownNames(project.path, catalog, table.contents if table else None, languages)
        rules = project_rules(project.path) if request.base else ""

        def map_of(tokens: int) -> str:
            if tokens not in kept.maps:
                kept.maps[tokens] = _map(catalog, project, tokens)
            return kept.maps[tokens]

        pinned = pinned_code(choices.pins, lambda path: kept.texts.of(path, 0).lines)
        material = Material(text, card, hits, rules, request.before, map_of, request.given, pinned)
        return found, Asked(request, material, project.path, names)

    def _choices(self, project: str, catalog: Catalog) -> Choices:
        """Pins and bans; none where they cannot be read, which others tell."""
        try:
            return where_they_are(ChoiceFile(self._places.choices(project)).read(), catalog)
        except Damaged:
            return Choices()

    def _find(self, request: AskRequest, query: str, scope: Scope = "all") -> Retrieved:
        wanted = max(NEAREST, request.results)
        may_leave = request.code_may_leave
        return self._search.find(request.project, query, wanted, scope, may_leave)

    def _kept_of(self, project: str, root: Path, table: ChunkTable | None) -> _Kept:
        if project not in self._kept or self._kept[project].root != root:

            def indexed_lines(path: str) -> list[str]:
                now = self._search.table_of(project)
                return now.contents.text_of_file(path).splitlines() if now else []

            self._kept[project] = _Kept(root, SourceTexts(root, indexed_lines))
        kept = self._kept[project] = self._kept.pop(project)  # the one used last is last
        for other in list(self._kept)[:-MOST_TABLES]:
            del self._kept[other]
        version = (table.name, table.version) if table else ("", 0)
        if version != kept.version:
            kept.version, kept.counts, kept.maps = version, {}, {}
        return kept


def _explains(request: AskRequest, card: Composed) -> bool:
    """Whether a model is asked at all."""
    if not request.base or card.outcome != "answered":
        return False
    return not (request.only_known and card.unknown)


def _not_asked(base: str, card: Composed) -> str:
    """Why a model that takes every word of a question for real does not explain this one."""
    words = ", ".join(card.unknown)
    return f"{words} occurs nowhere in the project; {base} would take it for real."


def _map(catalog: Catalog, project: Project, tokens: int) -> str:
    """The map of a project as text; empty where none can be drawn."""
    try:
        with catalog.checking_for_damage():
            return draw_map(catalog, project, tokens).text
    except IndexMissing:
        return ""


def _answered(card: Composed, seconds: float) -> Answered:
    """A card as the whole answer."""
    return Answered(
        text=card_text(card),
        found=card.outcome != "not_found",
        citations=citations_of(card),
        backend=BACKEND,
        model="",
        adapter="",
        tokens=0,
        seconds_to_first_token=seconds,
        seconds=seconds,
    )


def citations_of(card: Composed) -> tuple[Citation, ...]:
    """The places that the lines of a card rest on."""
    return tuple(
        Citation(line.n, line.path, line.start_line, line.end_line, line.symbol)
        for line in card.lines
        if line.n
    )
