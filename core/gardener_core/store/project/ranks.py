"""The graph of symbols, and cached ranks."""

import contextlib
import sqlite3
from array import array
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from gardener_core.store.database import Database
from gardener_core.store.project.facts import Symbol
from gardener_core.store.project.mentions import (
    TYPE_KINDS,
    Named,
    Node,
    is_own,
    nearest,
    types_named,
)

LIKELY = 0.5  # the weight of a likely use; a sure one has 1
Uses = Mapping[Node, float]


_USES = f"""
    SELECT file, symbol, to_file, to_symbol, CASE grade WHEN 'sure' THEN 1.0 ELSE {LIKELY} END
    FROM links
"""
_SYMBOLS = """
    SELECT rowid, file, symbol, name, kind, signature FROM symbols ORDER BY file, line
"""
_NAMED = """
    SELECT file, symbol, path, kind FROM symbols JOIN sources ON sources.id = symbols.file
    WHERE name = ? ORDER BY file, line
"""
_SIGNATURES = """
    SELECT path, signature FROM symbols JOIN sources ON sources.id = symbols.file
    WHERE file = ? AND symbol = ? AND kind != 'constant'
"""


class SymbolRow(NamedTuple):
    """A symbol by its row in the table."""

    row: int
    file: int
    symbol: str
    name: str
    kind: str
    signature: str


@dataclass(frozen=True, slots=True)
class Graph:
    """All files, symbols and uses as of the change with this number."""

    number: int
    files: Sequence[tuple[int, str]]
    symbols: Sequence[SymbolRow]
    uses: Mapping[Node, Uses]
    imports: Sequence[tuple[int, Node]]  # by files, not by what is in them


@dataclass(frozen=True, slots=True)
class SymbolRanks:
    """Rows of symbols and ids of files with their ranks, highest first."""

    symbols: Sequence[int]
    symbol_ranks: Sequence[float]
    files: Sequence[int]
    file_ranks: Sequence[float]


class MapTable:
    """The graph in a project's catalog.db, and the ranks computed from it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def graph(self) -> Graph:
        """Everything that ranks are computed from, in one snapshot."""
        with self._database.reading() as connection:
            connection.row_factory = None
            connection.execute("BEGIN")
            number = _number(connection)
            files = connection.execute("SELECT id, path FROM sources WHERE state != 'gone'")
            paths = files.fetchall()
            query = (
                "SELECT rowid, file, symbol, name, kind, signature FROM symbols ORDER BY file, line"
            )
            symbols = list(map(SymbolRow._make, connection.execute(query)))
            uses: defaultdict[Node, dict[Node, float]] = defaultdict(dict)
            for file, symbol, to_file, to_symbol, count in connection.execute(_USES):
                own, other = uses[file, symbol], (to_file, to_symbol)
                own[other] = own.get(other, 0.0) + count
            query = "SELECT file, to_file, to_symbol FROM links WHERE sort = 'import'"
            imports = [(row[0], (row[1], row[2])) for row in connection.execute(query)]
        _add_mentions(uses, symbols, dict(paths))
        return Graph(number, paths, symbols, uses, imports)

    @contextlib.contextmanager
    def uses(self) -> Iterator[Callable[[Node], Uses]]:
        """A function that counts what a symbol, or a file's own code, uses."""
        with self._database.reading() as connection:

            def named(name: str) -> list[Named]:
                rows = connection.execute(_NAMED, (name,))
                return list(dict.fromkeys(tuple(row[:3]) for row in rows if row[3] in TYPE_KINDS))

            def of(node: Node) -> Uses:
                counts: defaultdict[Node, float] = defaultdict(float)
                query = f"{_USES} WHERE file = ? AND symbol = ?"
                for _, _, to_file, to_symbol, count in connection.execute(query, node):
                    counts[to_file, to_symbol] += count
                for path, signature in connection.execute(_SIGNATURES, node):
                    for word in types_named(signature):
                        other = nearest(path, named(word))
                        if other and not is_own(node, other):
                            counts[other] += LIKELY
                return counts

            yield of

    def kept(self, rules: str) -> SymbolRanks | None:
        """Ranks cached by these rules, unless the graph has changed."""
        with self._database.reading() as connection:
            connection.execute("BEGIN")
            query = "SELECT * FROM ranks WHERE made_from = ?"
            row = connection.execute(query, (_made_from(rules, _number(connection)),)).fetchone()
        if row is None:
            return None
        symbols, files = array("q", row["symbols"]), array("q", row["files"])
        return SymbolRanks(
            symbols, array("d", row["symbol_ranks"]), files, array("d", row["file_ranks"])
        )

    def keep(self, rules: str, number: int, ranks: SymbolRanks) -> None:
        """Cache ranks, replacing older ones."""
        values = (
            _made_from(rules, number),
            array("q", ranks.symbols).tobytes(),
            array("d", ranks.symbol_ranks).tobytes(),
            array("q", ranks.files).tobytes(),
            array("d", ranks.file_ranks).tobytes(),
        )
        with self._database.writing() as connection:
            connection.execute("INSERT OR REPLACE INTO ranks VALUES (1, ?, ?, ?, ?, ?)", values)

    def symbols(self, rows: Sequence[int]) -> dict[int, Symbol]:
        """Symbols by their rows."""
        query = """
            SELECT symbols.rowid, path, symbol, name, kind, line, last_line, signature
            FROM symbols JOIN sources ON sources.id = symbols.file WHERE symbols.rowid = ?
        """
        with self._database.reading() as connection:
            symbols = (connection.execute(query, (row,)).fetchone() for row in rows)
            return {row[0]: Symbol(*row[1:]) for row in symbols if row}

    def rows_of(self, nodes: Iterable[Node]) -> dict[Node, int]:
        """The first row of each symbol."""
        query = "SELECT rowid FROM symbols WHERE file = ? AND symbol = ? ORDER BY line LIMIT 1"
        with self._database.reading() as connection:
            pairs = ((node, connection.execute(query, node).fetchone()) for node in nodes)
            return {node: row[0] for node, row in pairs if row}

    def rows_in(self, file: int) -> list[tuple[str, int]]:
        """The symbols of a file and their rows, from top to bottom."""
        query = "SELECT symbol, rowid FROM symbols WHERE file = ? ORDER BY line"
        with self._database.reading() as connection:
            return [(row[0], row[1]) for row in connection.execute(query, (file,))]

    def files(self) -> dict[str, int]:
        """The ids of files by their paths."""
        query = "SELECT path, id FROM sources WHERE state != 'gone'"
        with self._database.reading() as connection:
            return {row[0]: row[1] for row in connection.execute(query)}


def _add_mentions(
    uses: defaultdict[Node, dict[Node, float]],
    symbols: Sequence[SymbolRow],
    paths: Mapping[int, str],
) -> None:
    """Count the types in signatures as likely uses."""
    types: defaultdict[str, dict[Named, None]] = defaultdict(dict)
    for item in symbols:
        if item.kind in TYPE_KINDS:
            types[item.name][item.file, item.symbol, paths[item.file]] = None
    resolved: dict[tuple[int, str], Node | None] = {}  # the type that a name means in a file
    for _, file, symbol, _, kind, signature in symbols:
        if kind == "constant":
            continue
        for word in types_named(signature) & types.keys():
            key = (file, word)
            if key not in resolved:
                resolved[key] = nearest(paths[file], list(types[word]))
            other = resolved[key]
            if other and not is_own((file, symbol), other):
                own = uses[file, symbol]
                own[other] = own.get(other, 0.0) + LIKELY


def invalidate_ranks(connection: sqlite3.Connection) -> None:
    """Invalidate cached ranks."""
    connection.execute("UPDATE changes SET number = number + 1")


def _number(connection: sqlite3.Connection) -> int:
    return int(connection.execute("SELECT number FROM changes").fetchone()[0])


def _made_from(rules: str, number: int) -> str:
    return f"{rules}, change {number}"
