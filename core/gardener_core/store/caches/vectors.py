"""Cache the vectors of texts, for all projects."""

import sqlite3
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from gardener_core.store.database import Database
from gardener_core.store.migrations.vectors import VECTOR_STEPS

MOST_BYTES = 1_000_000_000
KEYS_AT_ONCE = 500  # SQLite allows at least so many parameters in one query
DELETED_AT_ONCE = 1000
SECONDS_A_DAY = 86_400


class VectorCache:
    """vectors.db, bounded in bytes: the least recently used go first."""

    def __init__(self, path: Path, most_bytes: int = MOST_BYTES) -> None:
        self._database = Database(path, VECTOR_STEPS)
        self._most_bytes = most_bytes

    def get(self, embedder: str, keys: Sequence[bytes]) -> dict[bytes, bytes]:
        """The cached vectors by key; their last use is stored by the day."""
        now = int(time.time())
        with self._database.reading() as connection:
            rows = list(_rows(connection, embedder, keys, "hash, used, vector"))
        old = [row["hash"] for row in rows if row["used"] < now - SECONDS_A_DAY]
        if old:
            self._touch(embedder, old, now)
        return {row["hash"]: row["vector"] for row in rows}

    def holds(self, embedder: str, keys: Sequence[bytes]) -> set[bytes]:
        """The keys that are cached."""
        with self._database.reading() as connection:
            return {row["hash"] for row in _rows(connection, embedder, keys, "hash")}

    def put(self, embedder: str, vectors: Mapping[bytes, bytes]) -> None:
        """Store vectors; the least recently used go if there are too many bytes."""
        now = int(time.time())
        with self._database.writing() as connection:
            connection.execute("INSERT OR IGNORE INTO embedders (name) VALUES (?)", (embedder,))
            number = _number(connection, embedder)
            added = 0
            for key, vector in vectors.items():
                row = (number, key, now, vector)
                done = connection.execute("INSERT OR IGNORE INTO vectors VALUES (?, ?, ?, ?)", row)
                added += len(vector) * done.rowcount
            connection.execute("UPDATE held SET bytes = bytes + ?", (added,))
            while self._total_bytes(connection) > self._most_bytes and _delete_oldest(connection):
                pass

    def total_bytes(self) -> int:
        """The size of all vectors."""
        with self._database.reading() as connection:
            return self._total_bytes(connection)

    def _total_bytes(self, connection: sqlite3.Connection) -> int:
        return int(connection.execute("SELECT bytes FROM held").fetchone()[0])

    def _touch(self, embedder: str, keys: Sequence[bytes], now: int) -> None:
        with self._database.writing() as connection:
            number = _number(connection, embedder)
            connection.executemany(
                "UPDATE vectors SET used = ? WHERE embedder = ? AND hash = ?",
                [(now, number, key) for key in keys],
            )


def _rows(
    connection: sqlite3.Connection, embedder: str, keys: Sequence[bytes], columns: str
) -> list[sqlite3.Row]:
    number = _number(connection, embedder)
    rows: list[sqlite3.Row] = []
    for start in range(0, len(keys), KEYS_AT_ONCE):
        batch = keys[start : start + KEYS_AT_ONCE]
        marks = ", ".join("?" * len(batch))
        query = f"SELECT {columns} FROM vectors WHERE embedder = ? AND hash IN ({marks})"
        rows += connection.execute(query, (number, *batch)).fetchall()
    return rows


def _number(connection: sqlite3.Connection, embedder: str) -> int:
    row = connection.execute("SELECT id FROM embedders WHERE name = ?", (embedder,)).fetchone()
    return int(row["id"]) if row else 0


def _delete_oldest(connection: sqlite3.Connection) -> int:
    """Delete some of the least recently used; how many."""
    deleted = connection.execute(
        """
        DELETE FROM vectors WHERE (embedder, hash) IN
            (SELECT embedder, hash FROM vectors ORDER BY used LIMIT ?)
        RETURNING length(vector)
        """,
        (DELETED_AT_ONCE,),
    ).fetchall()
    freed = sum(row[0] for row in deleted)
    connection.execute("UPDATE held SET bytes = bytes - ?", (freed,))
    return len(deleted)
