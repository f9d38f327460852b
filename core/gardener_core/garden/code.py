"""Quote code, look around it, pin and hide it."""

from collections.abc import Mapping, Sequence

from gardener_core.answers.chosen import where_they_are
from gardener_core.code.files.listing import read_file
from gardener_core.code.quotes import Located, Quote, locate
from gardener_core.code.secrets.detection import Allowed, find_secrets, hide
from gardener_core.errors import BadInput
from gardener_core.events.parts import Citation, CodeSpan, SkippedFile
from gardener_core.graph.neighbours import Neighbours, neighbours
from gardener_core.search.path_index import PathIndex
from gardener_core.store.garden.projects import Project
from gardener_core.store.project.catalog import Catalog
from gardener_core.store.project.choices import ChoiceFile, Choices
from gardener_core.store.project.facts import Symbol
from gardener_core.system.places import Places


class Code:
    """A project's code: quotes, neighbours, pins and bans."""

    def __init__(self, places: Places) -> None:
        self._places = places

    def quote(self, project: Project, path: str, start_line: int, end_line: int) -> str:
        """Lines of a file as they stand in the folder now, their secrets hidden."""
        return "\n".join(_lines(project, path)[max(0, start_line - 1) : end_line])

    def quotes(self, project: Project, places: Sequence[Citation]) -> Mapping[int, Quote]:
        """What the places of an answer say now, by their numbers; those that cannot be read lack.

        Kept beside the answer, they tell later whether it still holds.
        """
        texts: dict[str, Sequence[str] | None] = {}
        found: dict[int, Quote] = {}
        for place in places:
            if place.path not in texts:
                texts[place.path] = _lines_or_none(project, place.path)
            lines = texts[place.path]
            if lines is not None:
                text = "\n".join(lines[max(0, place.start_line - 1) : place.end_line])
                found[place.n] = Quote(place.path, place.start_line, place.end_line, text)
        return found

    def locate(self, project: Project, quote: Quote) -> Located:
        """Where quoted lines are in the folder now: there, elsewhere, changed, or gone."""
        return locate(quote, _lines_or_none(project, quote.path))

    def paths(self, project: Project) -> PathIndex:
        """The paths of the index, to be found by a few letters."""
        return PathIndex(self._catalog(project).paths())

    def symbols(self, project: Project, letters: str, most: int) -> Sequence[Symbol]:
        """Symbols whose name begins with these letters, the shortest names first."""
        return self._catalog(project).symbols.beginning(letters, most)

    def neighbours(self, project: Project, path: str, symbol: str, line: int) -> Neighbours:
        """What holds a symbol, what it is built on, who calls it, what it calls, its tests."""
        catalog = self._catalog(project)
        with catalog.checking_for_damage():
            return neighbours(catalog, path, symbol, line)

    def choices(self, project: Project) -> Choices:
        """Pins and bans, at the lines where their symbols are now."""
        return where_they_are(self._file(project).read(), self._catalog(project))

    def pin(self, project: Project, one: CodeSpan) -> None:
        """Show this first in every search."""
        self._file(project).change(lambda choices: choices.pinned(one))

    def ban(self, project: Project, one: CodeSpan) -> None:
        """Never show this again."""
        self._file(project).change(lambda choices: choices.banned(one))

    def free(self, project: Project, one: CodeSpan) -> None:
        """Remove a pin or a ban."""
        self._file(project).change(lambda choices: choices.without(one))

    def _catalog(self, project: Project) -> Catalog:
        return Catalog(self._places.catalog(project.id))

    def _file(self, project: Project) -> ChoiceFile:
        return ChoiceFile(self._places.choices(project.id))


def _lines(project: Project, path: str) -> Sequence[str]:
    """The lines of a file as it stands in the folder now, its secrets hidden."""
    source = read_file(project.path, path, anyway=True)
    if isinstance(source, SkippedFile):
        raise BadInput(f"{path} is not shown: {source.reason}.")
    text = source.text
    secrets = Allowed.of_project(project.path).keep(path, find_secrets(text))
    return [line.removesuffix("\r") for line in hide(text, secrets).split("\n")]


def _lines_or_none(project: Project, path: str) -> Sequence[str] | None:
    try:
        return _lines(project, path)
    except BadInput:
        return None
