"""The neighbours of a symbol in the code."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from gardener_core.code.languages.table import language_of
from gardener_core.code.roles import role_of
from gardener_core.events.parts import CodeSpan
from gardener_core.store.project.catalog import Catalog
from gardener_core.store.project.facts import Symbol
from gardener_core.store.project.links import Link

MOST = 100
LINES_AROUND = 3  # of a use in code that no symbol holds

# Plain: no doubt is possible, one contains the other.
Sureness = Literal["plain", "sure", "likely"]


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A symbol, or code outside of any, that is related to another.

    `uses` are lines of calls in the caller's file.
    """

    span: CodeSpan
    sureness: Sureness
    uses: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """Neighbours of one kind, at most a hundred; `count` is how many there are."""

    rows: tuple[Neighbour, ...]
    count: int


@dataclass(frozen=True, slots=True)
class Neighbours:
    """What contains a symbol, its members, bases, subclasses, callers and callees.

    Callers in tests are apart. An empty group says that none was found, not that there is none.
    """

    path: str
    symbol: str
    holders: Group
    bases: Group
    subclasses: Group
    callers: Group
    callees: Group
    tests: Group
    members: Group = Group((), 0)


def neighbours(catalog: Catalog, path: str, symbol: str, line: int) -> Neighbours:
    """The neighbours of a symbol; without one, of the code at the top of a file."""
    found = _symbol_of(catalog.symbols.of_file(path), symbol, line)
    name = found.symbol if found else ""
    files = _Files(catalog)
    links = catalog.links
    callers = [
        link for link in links.callers(path, name) if (link.path, link.symbol) != (path, name)
    ]
    in_tests = role_of(path) == "test"
    return Neighbours(
        path=path,
        symbol=name,
        holders=_plain(_holders(catalog.symbols.of_file(path), found)),
        bases=files.targets(_bases(catalog, path, found)),
        subclasses=files.users(links.subclasses(path, name) if name else []),
        callers=files.users(link for link in callers if in_tests or role_of(link.path) != "test"),
        callees=files.targets(links.callees(path, name)),
        tests=files.users(
            link for link in callers if not in_tests and role_of(link.path) == "test"
        ),
        members=_plain(_members(catalog.symbols.of_file(path), name)),
    )


def _symbol_of(symbols: Sequence[Symbol], symbol: str, line: int) -> Symbol | None:
    """The symbol of this name that is nearest; without a name, the innermost around the line."""
    if symbol:
        named = [item for item in symbols if item.symbol == symbol]
        return min(named, key=lambda item: abs(item.line - line), default=None)
    inside = [item for item in symbols if item.line <= line <= item.last_line]
    return inside[-1] if inside else None


def _holders(symbols: Sequence[Symbol], found: Symbol | None) -> list[Symbol]:
    """The symbols around one, the innermost first."""
    if found is None:
        return []
    around = [
        item
        for item in symbols
        if item.symbol != found.symbol
        and item.line <= found.line
        and found.last_line <= item.last_line
    ]
    return around[::-1]


def _members(symbols: Sequence[Symbol], name: str) -> list[Symbol]:
    """The members of a class, from top to bottom."""
    return [item for item in symbols if name and item.symbol.rpartition(".")[0] == name]


def _bases(catalog: Catalog, path: str, found: Symbol | None) -> list[Link]:
    """The bases of a class, or of the class that holds a method."""
    if found is None:
        return []
    own = catalog.links.bases(path, found.symbol)
    owner = found.symbol.rpartition(".")[0]
    return own or (catalog.links.bases(path, owner) if owner else [])


def _plain(symbols: Sequence[Symbol]) -> Group:
    rows = [_of_symbol(item.path, item.symbol, item, item.line, "plain") for item in symbols[:MOST]]
    return Group(tuple(rows), len(symbols))


def _of_symbol(
    path: str, name: str, symbol: Symbol | None, line: int, sureness: Sureness
) -> Neighbour:
    kind, first, last = "module", max(1, line - LINES_AROUND), line + LINES_AROUND
    if symbol is not None:
        kind, first, last = symbol.kind, symbol.line, symbol.last_line
    return Neighbour(CodeSpan(path, name, kind, language_of(path), first, last), sureness)


def _sureness(links: Sequence[Link]) -> Sureness:
    return "sure" if any(link.grade == "sure" for link in links) else "likely"


class _Files:
    """The symbols of the files at the other ends of links, each file looked up once."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._known: dict[str, list[Symbol]] = {}

    def users(self, links: Iterable[Link]) -> Group:
        """The symbols that links come from, with the lines in which they do."""
        uses: dict[tuple[str, str], list[Link]] = {}
        for link in links:
            # Code that no symbol holds is a row for each of its lines.
            name = link.symbol or f":{link.line}"
            uses.setdefault((link.path, name), []).append(link)
        rows = [
            self._row(found[0].path, found[0].symbol, found) for found in list(uses.values())[:MOST]
        ]
        return Group(tuple(rows), len(uses))

    def targets(self, links: Iterable[Link]) -> Group:
        """The symbols that links go to."""
        targets: dict[tuple[str, str], list[Link]] = {}
        for link in links:
            targets.setdefault((link.to_path, link.to_symbol), []).append(link)
        rows = [self._target(*key, found) for key, found in list(targets.items())[:MOST]]
        return Group(tuple(rows), len(targets))

    def _row(self, path: str, name: str, links: Sequence[Link]) -> Neighbour:
        lines = tuple(sorted({link.line for link in links}))
        symbol = self._symbol(path, name, lines[0])
        return replace(_of_symbol(path, name, symbol, lines[0], _sureness(links)), uses=lines)

    def _target(self, path: str, name: str, links: Sequence[Link]) -> Neighbour:
        return _of_symbol(path, name, self._symbol(path, name, 1), 1, _sureness(links))

    def _symbol(self, path: str, name: str, line: int) -> Symbol | None:
        if path not in self._known:
            self._known[path] = self._catalog.symbols.of_file(path)
        return _symbol_of(self._known[path], name, line) if name else None
