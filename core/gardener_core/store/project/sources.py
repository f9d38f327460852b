"""The files as sources of links."""

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from gardener_core.store.database import Database
from gardener_core.store.project.configuration import put_configuration
from gardener_core.store.project.facts import FileFacts
from gardener_core.store.project.links import LINES_OF_BASES, LinkRow, drop_links, put_links
from gardener_core.store.project.ranks import invalidate_ranks
from gardener_core.store.project.symbols import put_symbols


@dataclass(frozen=True, slots=True)
class Source:
    """A file and the state of its links: linked, stale, or gone with the file."""

    id: int
    path: str
    language: str
    state: str


class SourceTable:
    """The sources in a project's catalog.db."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> list[Source]:
        """Every file, also those that are gone, by path."""
        query = "SELECT id, path, language, state FROM sources ORDER BY path"
        with self._database.reading() as connection:
            return [Source(*row) for row in connection.execute(query)]

    def languages(self) -> list[str]:
        """Every language, that of most files first."""
        query = """
            SELECT language FROM sources WHERE state != 'gone'
            GROUP BY language ORDER BY count(*) DESC, language
        """
        return [row[0] for row in self._rows(query)]

    def changed(self) -> list[tuple[Source, bytes | None, bytes]]:
        """The files with stale links, their old and new outlines."""
        query = (
            "SELECT id, path, language, state, before, outline FROM sources WHERE state != 'linked'"
        )
        with self._database.reading() as connection:
            rows = connection.execute(query).fetchall()
        return [(Source(*row[:4]), row["before"], row["outline"]) for row in rows]

    def outlines(self) -> dict[str, bytes]:
        """The outlines of all files."""
        rows = self._rows("SELECT path, outline FROM sources WHERE state != 'gone'")
        return {row[0]: row[1] for row in rows}

    def outline(self, path: str) -> bytes:
        """The outline of one file."""
        rows = self._rows("SELECT outline FROM sources WHERE path = ? AND state != 'gone'", path)
        return rows[0][0] if rows else b""

    def uses(self, path: str) -> bytes:
        """The encoded uses of one file."""
        rows = self._rows("SELECT uses FROM sources WHERE path = ?", path)
        return rows[0][0] if rows else b""

    def needs(self) -> list[tuple[str, bytes]]:
        """What the links of each file depend on."""
        return [(row[0], row[1]) for row in self._rows("SELECT path, needs FROM sources")]

    def named(self, name: str) -> list[tuple[str, str, str]]:
        """Path, symbol and kind of every symbol with a name."""
        query = """
            SELECT path, symbol, kind FROM symbols JOIN sources ON sources.id = symbols.file
            WHERE name = ? ORDER BY path, line
        """
        return [(row[0], row[1], row[2]) for row in self._rows(query, name)]

    def all_named(self) -> list[tuple[str, str, str, str]]:
        """Name, path, symbol and kind of every symbol."""
        query = """
            SELECT name, path, symbol, kind FROM symbols JOIN sources ON sources.id = symbols.file
            ORDER BY path, line
        """
        return [(row[0], row[1], row[2], row[3]) for row in self._rows(query)]

    def base_links(self) -> list[tuple[str, str, str, str]]:
        """Path and symbol of each class and of its base classes."""
        query = """
            SELECT own.path, links.symbol, other.path, links.to_symbol FROM links
            JOIN sources AS own ON own.id = links.file
            JOIN sources AS other ON other.id = links.to_file
            WHERE links.sort = 'base' ORDER BY own.path, links.symbol
        """
        return [(row[0], row[1], row[2], row[3]) for row in self._rows(query)]

    def replace_links(
        self, links: Iterable[LinkRow], needs: Iterable[tuple[bytes, int]], finished: Sequence[int]
    ) -> None:
        """Replace the links of files; no file is stale then."""
        with self._database.writing() as connection:
            put_links(connection, finished, links)
            connection.execute(LINES_OF_BASES)
            connection.executemany("UPDATE sources SET needs = ? WHERE id = ?", needs)
            connection.execute("DELETE FROM sources WHERE state = 'gone'")
            connection.execute(
                "UPDATE sources SET state = 'linked', before = NULL WHERE state != 'linked'"
            )
            invalidate_ranks(connection)

    def stale(self) -> int:
        """The number of files with stale links."""
        return int(self._rows("SELECT count(*) FROM sources WHERE state != 'linked'")[0][0])

    def _rows(self, query: str, *values: str) -> list[sqlite3.Row]:
        with self._database.reading() as connection:
            return connection.execute(query, values).fetchall()


def put_facts(connection: sqlite3.Connection, facts: FileFacts) -> None:
    """Store the facts of a file; its links are stale until they are remade."""
    connection.execute(
        """
        INSERT INTO sources (path, language, outline, uses, before, state)
        VALUES (?, ?, ?, ?, x'', 'stale')
        ON CONFLICT (path) DO UPDATE SET
            before = CASE WHEN state = 'linked' THEN outline ELSE before END,
            language = excluded.language, outline = excluded.outline, uses = excluded.uses,
            state = 'stale'
        WHERE state != 'linked' OR outline != excluded.outline OR uses != excluded.uses
        """,
        (facts.path, facts.language, facts.outline, facts.uses),
    )
    row = connection.execute("SELECT id FROM sources WHERE path = ?", (facts.path,)).fetchone()
    put_symbols(connection, row[0], facts.symbols)
    put_configuration(connection, row[0], facts.configuration)
    invalidate_ranks(connection)


def drop_facts(connection: sqlite3.Connection, path: str) -> None:
    """Delete the facts of a file that is gone or no longer read."""
    row = connection.execute("SELECT id FROM sources WHERE path = ?", (path,)).fetchone()
    if row is None:
        return
    put_symbols(connection, row[0], ())
    put_configuration(connection, row[0], ())
    drop_links(connection, row[0])
    invalidate_ranks(connection)
    connection.execute(
        """
        UPDATE sources SET before = CASE WHEN state = 'linked' THEN outline ELSE before END,
            outline = x'', uses = x'', state = 'gone' WHERE id = ?
        """,
        (row[0],),
    )


def clear_facts(connection: sqlite3.Connection) -> None:
    """Delete all facts and links."""
    for table in ("symbols", "knobs", "links", "sources"):
        connection.execute(f"DELETE FROM {table}")
    invalidate_ranks(connection)
