"""The symbols defined in a project."""

import sqlite3
from collections.abc import Iterable

from gardener_core.store.database import Database
from gardener_core.store.project.facts import Symbol

MOST_FOUND = 200
_UNNAMED = ("module", "text")
_COLUMNS = "path, symbol, name, kind, line, last_line, signature"
_JOINED = f"SELECT {_COLUMNS} FROM symbols JOIN sources ON sources.id = symbols.file"


class SymbolTable:
    """The symbols in a project's catalog.db."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def named(self, name: str) -> list[Symbol]:
        """Every symbol with this name, qualified if it contains dots."""
        last = name.rpartition(".")[2]
        rows = self._rows(f"{_JOINED} WHERE name = ? ORDER BY path, line", (last,))
        symbols = [Symbol(*row) for row in rows]
        if last == name:
            return symbols
        return [item for item in symbols if f".{item.symbol}".endswith(f".{name}")]

    def spelled_alike(self, names: Iterable[str]) -> list[Symbol]:
        """Every symbol with one of these last names, ignoring case."""
        wanted = sorted({name.lower() for name in names})
        marks = ", ".join("?" * len(wanted))
        query = f"{_JOINED} WHERE lower(name) IN ({marks}) ORDER BY path, line"
        return [Symbol(*row) for row in self._rows(query, tuple(wanted))]

    def of_kind(self, kind: str) -> list[Symbol]:
        """Every symbol of a kind."""
        rows = self._rows(f"{_JOINED} WHERE kind = ? ORDER BY path, line", (kind,))
        return [Symbol(*row) for row in rows]

    def with_signatures(self, words: Iterable[str]) -> list[Symbol]:
        """Functions and methods whose signature contains a word and a default value."""
        wanted = sorted({word.lower() for word in words})
        like = " OR ".join(["lower(signature) LIKE ? ESCAPE '\\'"] * len(wanted)) or "0"
        query = f"{_JOINED} WHERE signature LIKE '%=%' AND kind != 'constant' AND ({like})"
        escaped = (word.replace("_", "\\_") for word in wanted)
        values = tuple(f"%{word}%" for word in escaped)
        return [Symbol(*row) for row in self._rows(f"{query} ORDER BY path, line", values)]

    def of_file(self, path: str) -> list[Symbol]:
        """The symbols of a file, from top to bottom."""
        rows = self._rows(f"{_JOINED} WHERE path = ? ORDER BY line, last_line DESC", (path,))
        return [Symbol(*row) for row in rows]

    def around(self, path: str, line: int) -> Symbol | None:
        """The innermost symbol around a line."""
        inside = [item for item in self.of_file(path) if item.line <= line <= item.last_line]
        return inside[-1] if inside else None

    def beginning(self, letters: str, limit: int = MOST_FOUND) -> list[Symbol]:
        """Symbols whose name starts with these letters, ignoring case."""
        like = letters.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
        query = f"{_JOINED} WHERE name LIKE ? ESCAPE '\\' ORDER BY length(name), path, line LIMIT ?"
        return [Symbol(*row) for row in self._rows(query, (like, limit))]

    def kinds(self) -> list[str]:
        """Every kind of symbol, and the kinds of code outside symbols."""
        rows = self._rows("SELECT kind FROM symbols GROUP BY kind ORDER BY count(*) DESC", ())
        named = [row[0] for row in rows]
        return [*named, *(kind for kind in _UNNAMED if kind not in named)]

    def count(self) -> int:
        """The number of symbols."""
        return int(self._rows("SELECT count(*) FROM symbols", ())[0][0])

    def _rows(self, query: str, values: tuple[str | int, ...]) -> list[sqlite3.Row]:
        with self._database.reading() as connection:
            return connection.execute(query, values).fetchall()


def put_symbols(connection: sqlite3.Connection, file: int, symbols: Iterable[Symbol]) -> None:
    """Replace the symbols of a file."""
    connection.execute("DELETE FROM symbols WHERE file = ?", (file,))
    connection.executemany(
        "INSERT INTO symbols VALUES (?, ?, ?, ?, ?, ?, ?)",
        [
            (file, each.symbol, each.name, each.kind, each.line, each.last_line, each.signature)
            for each in symbols
        ],
    )
