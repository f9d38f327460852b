"""The audit log: a chain of hashed entries."""

import hashlib
import json
import sqlite3
import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from gardener_core.store.database import Database


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One action; `hash` covers it and the previous hash."""

    number: int
    wall: float
    action: str
    subject: str
    detail: str
    hash: str


@dataclass(frozen=True, slots=True)
class ChainCheck:
    """Whether the log is unchanged; `broken` is the first bad entry, else 0."""

    intact: bool
    broken: int
    what: str


def record_action(
    connection: sqlite3.Connection, action: str, subject: str, detail: str = ""
) -> None:
    """Add an entry inside the transaction of the action that it records."""
    head = connection.execute("SELECT number, hash FROM audit_head").fetchone()
    if head is None:
        raise sqlite3.OperationalError("the head of the audit log is missing")
    number, previous = head
    wall = round(time.time(), 3)
    digest = _hash(previous, number + 1, wall, action, subject, detail)
    connection.execute(
        "INSERT INTO audit VALUES (?, ?, ?, ?, ?, ?)",
        (number + 1, wall, action, subject, detail, digest),
    )
    connection.execute("UPDATE audit_head SET number = ?, hash = ?", (number + 1, digest))


class AuditLog:
    """The table `audit`: append-only, each entry sealed by the next."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def record(self, action: str, subject: str, detail: str = "") -> None:
        """Add an entry in a transaction of its own."""
        with self._database.writing() as connection:
            record_action(connection, action, subject, detail)

    def all(self) -> list[AuditEntry]:
        """Every entry, oldest first."""
        with self._database.reading() as connection:
            rows = _rows(connection)
        return [self._database.parse_row(AuditEntry, dict(row)) for row in rows]

    def verify(self) -> ChainCheck:
        """Find entries that were changed, removed or cut off.

        A log that was rewritten as a whole can be detected only by a hash noted elsewhere.
        """
        with self._database.reading() as connection:
            connection.execute("BEGIN")  # entries and head from one snapshot
            rows = _rows(connection)
            head = connection.execute("SELECT number, hash FROM audit_head").fetchone()
        entries = [self._database.parse_row(AuditEntry, dict(row)) for row in rows]
        previous = ""
        for position, entry in enumerate(entries, start=1):
            if entry.number != position:
                return ChainCheck(False, position, f"Entry {position} is missing.")
            values = (entry.number, entry.wall, entry.action, entry.subject, entry.detail)
            if _hash(previous, *values) != entry.hash:
                return ChainCheck(False, position, f"Entry {position} is not as it was written.")
            previous = entry.hash
        if head is None or (head["number"], head["hash"]) != (len(entries), previous):
            missing = len(entries) + 1
            return ChainCheck(False, missing, f"The log was cut off before entry {missing}.")
        return ChainCheck(True, 0, "")


def unbroken_entries(rows: Iterable[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """The entries before the first break of the chain."""
    previous, entries = "", []
    for position, row in enumerate(rows, start=1):
        number, wall, action, subject, detail, digest = row
        if number != position or _hash(previous, number, wall, action, subject, detail) != digest:
            break
        previous = digest
        entries.append(row)
    return entries


def _rows(connection: sqlite3.Connection) -> list[sqlite3.Row]:
    return connection.execute(
        "SELECT number, wall, action, subject, detail, hash FROM audit ORDER BY number"
    ).fetchall()


def _hash(previous: str, *values: object) -> str:
    return hashlib.sha256(json.dumps([previous, *values]).encode()).hexdigest()
