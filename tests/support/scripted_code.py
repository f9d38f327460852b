"""Code whose neighbours and pins a test prepares."""

from collections.abc import Callable, Mapping, Sequence

from gardener_core.code.quotes import Located, Quote
from gardener_core.errors import BadInput
from gardener_core.events.parts import Citation, CodeSpan
from gardener_core.garden.code import Code
from gardener_core.graph.neighbours import Group, Neighbours
from gardener_core.search.path_index import PathIndex
from gardener_core.store.garden.projects import Project
from gardener_core.store.project.choices import Choices
from gardener_core.store.project.facts import Symbol


class ScriptedCode(Code):
    """Keeps choices in memory; what stands around code is prepared."""

    def __init__(self, note: Callable[..., None]) -> None:
        self.note = note
        self.kept: dict[str, Choices] = {}
        self.around: dict[str, Neighbours] = {}
        self.texts: dict[str, str] = {}
        self.listed: list[str] = []
        self.defined: list[Symbol] = []
        self.located: Located | None = None  # what became of every quoted place

    def quote(self, project: Project, path: str, start_line: int, end_line: int) -> str:
        self.note("quote", path, start_line, end_line)
        if path not in self.texts:
            raise BadInput(f"{path} is not shown: cannot be read.")
        return self.texts[path]

    def quotes(self, project: Project, places: Sequence[Citation]) -> Mapping[int, Quote]:
        self.note("quotes", *(place.n for place in places))
        return {p.n: Quote(p.path, p.start_line, p.end_line, "") for p in places}

    def locate(self, project: Project, quote: Quote) -> Located:
        return self.located or Located("same", quote.start_line, quote.end_line)

    def paths(self, project: Project) -> PathIndex:
        self.note("paths")
        return PathIndex(self.listed)

    def symbols(self, project: Project, letters: str, most: int) -> Sequence[Symbol]:
        return [one for one in self.defined if one.name.startswith(letters)][:most]

    def neighbours(self, project: Project, path: str, symbol: str, line: int) -> Neighbours:
        self.note("neighbours", path, symbol, line)
        none = Group((), 0)
        empty = Neighbours(path, symbol, none, none, none, none, none, none)
        return self.around.get(symbol, empty)

    def choices(self, project: Project) -> Choices:
        return self.kept.get(project.id, Choices())

    def pin(self, project: Project, one: CodeSpan) -> None:
        self.kept[project.id] = self.choices(project).pinned(one)

    def ban(self, project: Project, one: CodeSpan) -> None:
        self.kept[project.id] = self.choices(project).banned(one)

    def free(self, project: Project, one: CodeSpan) -> None:
        self.kept[project.id] = self.choices(project).without(one)
