"""The list of conversations."""

import secrets
import sqlite3
import time
from collections.abc import Sequence
from dataclasses import dataclass

from gardener_core.errors import ChatMissing, ProjectMissing, Remedy
from gardener_core.store.database import Database

KEPT_SECONDS = 7 * 24 * 3600.0  # after it was removed
MOST_TITLE_CHARACTERS = 70


@dataclass(frozen=True, slots=True)
class Chat:
    """A conversation about a project, last `updated` by a message.

    `until` is set where it was removed: it can be restored until then.
    """

    id: str
    project: str
    title: str
    created: float
    messages: int
    updated: float
    until: float | None = None


_CHATS = """
    SELECT c.id, c.project, c.title, c.created, c.until, count(m.number) AS messages,
        coalesce(max(m.created), c.created) AS updated
    FROM conversations c LEFT JOIN messages m ON m.conversation = c.id
"""
_NEWEST_FIRST = "GROUP BY c.id ORDER BY coalesce(max(m.number), 0) DESC, c.rowid DESC"


class ConversationTable:
    """The table `conversations`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def begin(self, project: str, title: str) -> Chat:
        """Start a conversation."""
        name = new_chat_id()
        with self._database.writing() as connection:
            insert_chat(connection, name, project, title)
        return self.get(name)

    def get(self, chat: str) -> Chat:
        """One conversation that was not removed."""
        found = self._select("c.id = ? AND c.until IS NULL", chat)
        if not found:
            raise chat_missing(chat)
        return found[0]

    def all(self) -> Sequence[Chat]:
        """Every conversation about every project that is there, the latest active first."""
        alive = "c.project IN (SELECT id FROM projects WHERE until IS NULL)"
        return self._select(f"c.until IS NULL AND {alive}")

    def of_project(self, project: str) -> Sequence[Chat]:
        """Every conversation about a project, the latest active first."""
        return self._select("c.project = ? AND c.until IS NULL", project)

    def removed(self) -> Sequence[Chat]:
        """Those that can be restored."""
        return self._select("c.until IS NOT NULL")

    def rename(self, chat: str, title: str) -> None:
        """Change the title."""
        self._change("title = ?", title, chat, "until IS NULL")

    def remove(self, chat: str) -> None:
        """Take a conversation off the list; for a week it can be restored."""
        self._change("until = ?", time.time() + KEPT_SECONDS, chat, "until IS NULL")

    def restore(self, chat: str) -> Chat:
        """Put a removed conversation back on the list."""
        self._change("until = ?", None, chat, "until IS NOT NULL")
        return self.get(chat)

    def delete_expired(self, now: float) -> None:
        """Delete those whose time in the trash is over, with all of their messages."""
        expired = [chat.id for chat in self.removed() if (chat.until or now) < now]
        if not expired:
            return
        with self._database.writing() as connection:
            connection.executemany(
                "DELETE FROM conversations WHERE id = ? AND until < ?",
                [(chat, now) for chat in expired],
            )

    def _select(self, condition: str, *values: str) -> Sequence[Chat]:
        with self._database.reading() as connection:
            rows = connection.execute(
                f"{_CHATS} WHERE {condition} {_NEWEST_FIRST}", values
            ).fetchall()
        return [self._database.parse_row(Chat, dict(row)) for row in rows]

    def _change(self, change: str, value: str | float | None, chat: str, condition: str) -> None:
        with self._database.writing() as connection:
            done = connection.execute(
                f"UPDATE conversations SET {change} WHERE id = ? AND {condition}", (value, chat)
            )
            if not done.rowcount:
                raise chat_missing(chat)


def insert_chat(
    connection: sqlite3.Connection, chat: str, project: str, title: str, source: str = ""
) -> None:
    """Start a conversation inside a transaction; `source` is what it was imported from."""
    try:
        connection.execute(
            "INSERT INTO conversations (id, project, title, created, source) "
            "VALUES (?, ?, ?, ?, ?)",
            (chat, project, title, time.time(), source),
        )
    except sqlite3.IntegrityError:
        raise ProjectMissing("That project no longer exists.", hint="") from None


def new_chat_id() -> str:
    """A new id that begins with the day."""
    return time.strftime("%y%m%d-") + secrets.token_hex(4)


def title_of(text: str) -> str:
    """A title from a first question: its first line, cut at a word."""
    line = " ".join(next((one for one in text.splitlines() if one.strip()), "").split())
    if len(line) <= MOST_TITLE_CHARACTERS:
        return line or "Untitled"
    cut = line[: MOST_TITLE_CHARACTERS - 1]
    return f"{cut.rpartition(' ')[0] or cut}…"


def chat_missing(chat: str) -> ChatMissing:
    """There is none with this id."""
    return ChatMissing(f"There is no conversation {chat!r}.", remedy=Remedy("list chats"))
