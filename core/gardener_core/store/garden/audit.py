"""What was done in this garden, in a chain."""

import hashlib
import json
import sqlite3
import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from gardener_core.store.database import Database


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that was done; `hash` covers it and the hash before it."""

    number: int
    wall: float
    action: str
    subject: str
    detail: str
    hash: str


@dataclass(frozen=True, slots=True)
class ChainCheck:
    """Whether the log is as it was written; `broken` is the first entry that is not, else 0."""

    intact: bool
    broken: int
    what: str


def enter(connection: sqlite3.Connection, action: str, subject: str, detail: str = "") -> None:
    """Add an entry inside the transaction of what it tells about: both are kept, or neither."""
    head = connection.execute("SELECT number, hash FROM audit_head").fetchone()
    if head is None:
        raise sqlite3.OperationalError("the head of the audit log is missing")
    number, before = head
    wall = round(time.time(), 3)
    digest = _hash(before, number + 1, wall, action, subject, detail)
    connection.execute(
        "INSERT INTO audit VALUES (?, ?, ?, ?, ?, ?)",
        (number + 1, wall, action, subject, detail, digest),
    )
    connection.execute("UPDATE audit_head SET number = ?, hash = ?", (number + 1, digest))


class AuditLog:
    """The table `audit`: only added to, each entry sealed by the next."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def enter(self, action: str, subject: str, detail: str = "") -> None:
        """Add an entry about something that no transaction of ours holds."""
        with self._database.writing() as connection:
            enter(connection, action, subject, detail)

    def all(self) -> list[Entry]:
        """Every entry, oldest first."""
        with self._database.reading() as connection:
            rows = _rows(connection)
        return [self._database.fact(Entry, dict(row)) for row in rows]

    def verify(self) -> ChainCheck:
        """Reckon the chain again; finds what was changed, taken out or cut off.

        Somebody who writes the whole file anew is found only by a hash that was noted elsewhere.
        """
        with self._database.reading() as connection:
            connection.execute("BEGIN")  # entries and head of one moment
            rows = _rows(connection)
            head = connection.execute("SELECT number, hash FROM audit_head").fetchone()
        entries = [self._database.fact(Entry, dict(row)) for row in rows]
        before = ""
        for place, entry in enumerate(entries, start=1):
            if entry.number != place:
                return ChainCheck(False, place, f"Entry {place} is missing.")
            told = (entry.number, entry.wall, entry.action, entry.subject, entry.detail)
            if _hash(before, *told) != entry.hash:
                return ChainCheck(False, place, f"Entry {place} is not as it was written.")
            before = entry.hash
        if head is None or (head["number"], head["hash"]) != (len(entries), before):
            missing = len(entries) + 1
            return ChainCheck(False, missing, f"The log was cut off before entry {missing}.")
        return ChainCheck(True, 0, "")


def unbroken(rows: Iterable[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """The entries from the first on, up to where the chain is broken."""
    before, whole = "", []
    for place, row in enumerate(rows, start=1):
        number, wall, action, subject, detail, digest = row
        if number != place or _hash(before, number, wall, action, subject, detail) != digest:
            break
        before = digest
        whole.append(row)
    return whole


def _rows(connection: sqlite3.Connection) -> list[sqlite3.Row]:
    return connection.execute(
        "SELECT number, wall, action, subject, detail, hash FROM audit ORDER BY number"
    ).fetchall()


def _hash(before: str, *told: object) -> str:
    return hashlib.sha256(json.dumps([before, *told]).encode()).hexdigest()
