"""What was done in this garden, in a chain."""

import hashlib
import json
import sqlite3
import time
from dataclasses import dataclass

from gardener_core.keeping.database import Database


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
class Verdict:
    """Whether the log is as it was written; `broken` is the first entry that is not, else 0."""

    intact: bool
    broken: int
    what: str


def enter(connection: sqlite3.Connection, action: str, subject: str, detail: str = "") -> None:
    """Add an entry inside the transaction of what it tells about: both are kept, or neither."""
    number, before = connection.execute("SELECT number, hash FROM audit_head").fetchone()
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
            return _entries(connection)

    def verify(self) -> Verdict:
        """Reckon the chain again; finds what was changed, taken out or cut off.

        Somebody who writes the whole file anew is found only by a hash that was noted elsewhere.
        """
        with self._database.reading() as connection:
            connection.execute("BEGIN")  # entries and head of one moment
            entries = _entries(connection)
            head = connection.execute("SELECT number, hash FROM audit_head").fetchone()
        before = ""
        for place, entry in enumerate(entries, start=1):
            if entry.number != place:
                return Verdict(False, place, f"Entry {place} is missing.")
            told = (entry.number, entry.wall, entry.action, entry.subject, entry.detail)
            if _hash(before, *told) != entry.hash:
                return Verdict(False, place, f"Entry {place} is not as it was written.")
            before = entry.hash
        if head is None or (head["number"], head["hash"]) != (len(entries), before):
            missing = len(entries) + 1
            return Verdict(False, missing, f"The log was cut off before entry {missing}.")
        return Verdict(True, 0, "")


def _entries(connection: sqlite3.Connection) -> list[Entry]:
    rows = connection.execute(
        "SELECT number, wall, action, subject, detail, hash FROM audit ORDER BY number"
    )
    return [Entry(*row) for row in rows]


def _hash(before: str, *told: object) -> str:
    return hashlib.sha256(json.dumps([before, *told]).encode()).hexdigest()
