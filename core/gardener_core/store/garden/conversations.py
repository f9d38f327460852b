"""Conversations, each a tree of messages."""

import secrets
import sqlite3
import time
from dataclasses import dataclass

from gardener_core.errors import ChatMissing, ProjectMissing
from gardener_core.store.database import Database


@dataclass(frozen=True, slots=True)
class Conversation:
    """A conversation about a project, last `updated` by a message."""

    id: str
    project: str
    title: str
    created: float
    messages: int
    updated: float


@dataclass(frozen=True, slots=True)
class Message:
    """One message; `parent` is the one it replies to."""

    number: int
    conversation: str
    parent: int | None
    role: str
    text: str
    created: float


_CONVERSATIONS = """
    SELECT c.id, c.project, c.title, c.created, count(m.number) AS messages,
        coalesce(max(m.created), c.created) AS updated
    FROM conversations c LEFT JOIN messages m ON m.conversation = c.id
"""


class ConversationTable:
    """The tables `conversations` and `messages`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def begin(self, project: str, title: str) -> Conversation:
        """Start a conversation."""
        name = time.strftime("%y%m%d-") + secrets.token_hex(4)
        with self._database.writing() as connection:
            try:
                connection.execute(
                    "INSERT INTO conversations VALUES (?, ?, ?, ?)",
                    (name, project, title, time.time()),
                )
            except sqlite3.IntegrityError:
                raise ProjectMissing("That project no longer exists.", hint="") from None
        return self.get(name)

    def get(self, conversation: str) -> Conversation:
        """One conversation."""
        with self._database.reading() as connection:
            row = connection.execute(
                f"{_CONVERSATIONS} WHERE c.id = ? GROUP BY c.id", (conversation,)
            ).fetchone()
        if row is None:
            raise _missing(conversation)
        return self._database.parse_row(Conversation, dict(row))

    def of_project(self, project: str) -> list[Conversation]:
        """Every conversation about a project, the latest active first."""
        with self._database.reading() as connection:
            rows = connection.execute(
                f"{_CONVERSATIONS} WHERE c.project = ? GROUP BY c.id "
                "ORDER BY max(m.number) DESC, c.rowid DESC",
                (project,),
            ).fetchall()
        return [self._database.parse_row(Conversation, dict(row)) for row in rows]

    def add(self, conversation: str, parent: int | None, role: str, text: str) -> Message:
        """Add a message after `parent`; two after the same one are branches."""
        with self._database.writing() as connection:
            if parent is not None:
                exists = connection.execute(
                    "SELECT 1 FROM messages WHERE number = ? AND conversation = ?",
                    (parent, conversation),
                ).fetchone()
                if exists is None:
                    raise _missing(conversation)
            try:
                cursor = connection.execute(
                    "INSERT INTO messages (conversation, parent, role, text, created) "
                    "VALUES (?, ?, ?, ?, ?)",
                    (conversation, parent, role, text, time.time()),
                )
            except sqlite3.IntegrityError:
                raise _missing(conversation) from None
            row = connection.execute(
                "SELECT * FROM messages WHERE number = ?", (cursor.lastrowid,)
            ).fetchone()
        return self._database.parse_row(Message, dict(row))

    def messages(self, conversation: str, until: int | None = None) -> list[Message]:
        """The branch that ends in a message, or in the newest one, oldest first."""
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT * FROM messages WHERE conversation = ? ORDER BY number", (conversation,)
            ).fetchall()
        by_number = {row["number"]: self._database.parse_row(Message, dict(row)) for row in rows}
        number = until if until is not None else max(by_number, default=None)
        branch = []
        while number is not None and number in by_number:
            branch.append(by_number[number])
            number = by_number[number].parent
        return branch[::-1]

    def rename(self, conversation: str, title: str) -> None:
        """Change the title."""
        self._change("UPDATE conversations SET title = ? WHERE id = ?", title, conversation)

    def remove(self, conversation: str) -> None:
        """Delete a conversation with all of its messages."""
        self._change("DELETE FROM conversations WHERE id = ?", conversation)

    def _change(self, statement: str, *values: str) -> None:
        with self._database.writing() as connection:
            if not connection.execute(statement, values).rowcount:
                raise _missing(values[-1])


def _missing(conversation: str) -> ChatMissing:
    return ChatMissing(f"There is no conversation {conversation!r}.")
