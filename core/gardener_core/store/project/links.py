"""Links between symbols: calls, bases, imports."""

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from gardener_core.store.database import Database

Grade = Literal["sure", "likely"]
Sort = Literal["call", "passed", "base", "import"]

# A base is recorded without a line; it gets the line of its class.
LINES_OF_BASES = """
    UPDATE links SET line = coalesce((
        SELECT min(line) FROM symbols
        WHERE symbols.file = links.file AND symbols.symbol = links.symbol), 1)
    WHERE sort = 'base' AND line = 0
"""
LinkRow = tuple[int, str, int, str, int, str, str]
_SELECT = """
    SELECT own.path, links.symbol, other.path, links.to_symbol, links.line, links.grade, links.sort
    FROM links JOIN sources AS own ON own.id = links.file
    JOIN sources AS other ON other.id = links.to_file
"""
_ORDER = "ORDER BY links.grade DESC, own.path, links.line"
_CALLED = "links.sort IN ('call', 'passed')"
_MOST_CLASSES = 100  # base classes are followed up to this many


@dataclass(frozen=True, slots=True)
class Link:
    """One symbol uses another; code outside symbols has an empty one.

    Sure or likely; a call, a function passed by name, the base of a class, or an import, which
    has no line (0) and may be of a whole file (no symbol).
    """

    path: str
    symbol: str
    to_path: str
    to_symbol: str
    line: int
    grade: Grade
    sort: Sort


class LinkTable:
    """The links in a project's catalog.db."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def callers(self, path: str, symbol: str) -> list[Link]:
        """Where a symbol is called or passed, sure links first.

        Calls of an overridden method count, and calls of a class count for its `__init__`. An empty
        list means that no call was found, not that there is none.
        """
        owner, _, name = symbol.rpartition(".")
        with self._database.reading() as connection:
            targets = [(path, symbol)]
            if owner and name == "__init__":
                targets.append((path, owner))
            elif owner and not name.startswith("__"):
                bases = _bases_of(connection, path, owner)
                targets += [(base_path, f"{base}.{name}") for base_path, base in bases]
            links = []
            for target in targets:
                query = f"{_SELECT} WHERE other.path = ? AND links.to_symbol = ? {_ORDER}"
                rows = connection.execute(query, target).fetchall()
                links += [Link(*row) for row in rows]
        calls = [link for link in links if link.sort in ("call", "passed")]
        return sorted(calls, key=lambda link: link.grade != "sure")

    def callees(self, path: str, symbol: str) -> list[Link]:
        """What a symbol calls or passes, in order of lines."""
        return self._of(f"own.path = ? AND links.symbol = ? AND {_CALLED}", path, symbol)

    def calls(self) -> list[tuple[str, str, str, str, int]]:
        """Every call and passed function: path and symbol of both ends, and the line."""
        query = f"""
            SELECT own.path, links.symbol, other.path, links.to_symbol, links.line
            FROM links JOIN sources AS own ON own.id = links.file
            JOIN sources AS other ON other.id = links.to_file
            WHERE {_CALLED} ORDER BY links.line
        """
        with self._database.reading() as connection:
            return [tuple(row) for row in connection.execute(query)]

    def bases(self, path: str, symbol: str) -> list[Link]:
        """The base classes of a class that are defined in the project."""
        return self._of("own.path = ? AND links.symbol = ? AND links.sort = 'base'", path, symbol)

    def subclasses(self, path: str, symbol: str) -> list[Link]:
        """The subclasses of a class."""
        where = "other.path = ? AND links.to_symbol = ? AND links.sort = 'base'"
        return self._of(where, path, symbol)

    def all(self) -> list[Link]:
        """Every link, in order."""
        return self._of("1", order="ORDER BY 1, 5, 2, 3, 4, 6, 7")

    def _of(
        self, where: str, *values: str, order: str = "ORDER BY own.path, links.line"
    ) -> list[Link]:
        with self._database.reading() as connection:
            rows = connection.execute(f"{_SELECT} WHERE {where} {order}", values).fetchall()
        return [Link(*row) for row in rows]


def put_links(
    connection: sqlite3.Connection,
    files: Iterable[int],
    rows: Iterable[LinkRow],
) -> None:
    """Replace all links that start in these files."""
    connection.executemany("DELETE FROM links WHERE file = ?", [(file,) for file in files])
    connection.executemany("INSERT INTO links VALUES (?, ?, ?, ?, ?, ?, ?)", rows)


def drop_links(connection: sqlite3.Connection, file: int) -> None:
    """Delete every link from or to a file."""
    connection.execute("DELETE FROM links WHERE file = ? OR to_file = ?", (file, file))


def _bases_of(connection: sqlite3.Connection, path: str, symbol: str) -> list[tuple[str, str]]:
    """All base classes of a class, the nearest first."""
    links: list[tuple[str, str]] = []
    queue = [(path, symbol)]
    while queue and len(links) < _MOST_CLASSES:
        query = f"{_SELECT} WHERE own.path = ? AND links.symbol = ? AND links.sort = 'base'"
        for row in connection.execute(query, queue.pop(0)):
            base = (row[2], row[3])
            if base not in links and base != (path, symbol):
                links.append(base)
                queue.append(base)
    return links
