"""Messages of conversations, stored while they are written."""

import sqlite3
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from gardener_core.errors import ChatMissing
from gardener_core.store.database import Database
from gardener_core.store.garden.chats.conversations import (
    chat_missing,
    insert_chat,
    new_chat_id,
    title_of,
)

# "broken" where what wrote it ended without a word.
MessageState = Literal["writing", "whole", "stopped", "failed", "broken"]


@dataclass(frozen=True, slots=True)
class Message:
    """One message; `parent` is the one it replies to.

    `writer` names the process that writes it; `details` are what belongs to it besides
    its text, as JSON.
    """

    number: int
    conversation: str
    parent: int | None
    role: str
    text: str
    created: float
    state: MessageState
    writer: str
    details: str


@dataclass(frozen=True, slots=True)
class StoredQuestion:
    """A question that was stored, and the answer that is to be written."""

    chat: str
    question: int
    answer: int


class MessageTable:
    """The table `messages`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def ask(
        self,
        project: str,
        chat: str,
        after: int | None,
        text: str,
        details: str,
        writer: str,
    ) -> StoredQuestion:
        """Store a question after an answer, and an empty answer; two after the same are branches.

        Without a conversation a new one begins, with the question as its title.
        """
        with self._database.writing() as connection:
            name = chat or new_chat_id()
            if not chat:
                insert_chat(connection, name, project, title_of(text))
            _require_chat(connection, name, project)
            _require_message(connection, name, after)
            question = insert_message(connection, name, after, "user", text, details=details)
            answer = insert_message(
                connection, name, question, "assistant", "", state="writing", writer=writer
            )
        return StoredQuestion(name, question, answer)

    def add(self, chat: str, parent: int | None, role: str, text: str) -> Message:
        """Add a whole message after `parent`."""
        with self._database.writing() as connection:
            _require_chat(connection, chat)
            _require_message(connection, chat, parent)
            number = insert_message(connection, chat, parent, role, text)
        return self.get(number)

    def claim(self, number: int, writer: str) -> None:
        """Begin to write an answer."""
        self._update(number, "text = '', details = '{}', writer = ?", writer)

    def append(self, number: int, piece: str) -> None:
        """Store the next piece of an answer."""
        self._update(number, "text = text || ?", piece)

    def keep(self, number: int, details: str) -> None:
        """Store what belongs to an answer besides its text."""
        self._update(number, "details = ?", details)

    def finish(
        self, number: int, state: MessageState, details: str, text: str | None = None
    ) -> None:
        """Store how an answer ended, and its whole text where it differs from the pieces."""
        self._update(
            number,
            "state = ?, details = ?, text = coalesce(?, text)",
            state,
            details,
            text,
        )

    def break_off(self, number: int) -> None:
        """Say of an answer that nobody writes it any more, if it is not ended."""
        with self._database.writing() as connection:
            connection.execute(
                "UPDATE messages SET state = 'broken' WHERE number = ? AND state = 'writing'",
                (number,),
            )

    def being_written(self) -> Sequence[tuple[int, str]]:
        """Answers that are not ended, each with its writer."""
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT number, writer FROM messages WHERE state = 'writing'"
            ).fetchall()
        return [(int(row["number"]), str(row["writer"])) for row in rows]

    def get(self, number: int) -> Message:
        """One message."""
        with self._database.reading() as connection:
            row = connection.execute(
                "SELECT * FROM messages WHERE number = ?", (number,)
            ).fetchone()
        if row is None:
            raise ChatMissing("That message is no longer kept.", hint="")
        return self._database.parse_row(Message, dict(row))

    def all(self, chat: str) -> Sequence[Message]:
        """Every message of every branch, oldest first."""
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT * FROM messages WHERE conversation = ? ORDER BY number", (chat,)
            ).fetchall()
        return [self._database.parse_row(Message, dict(row)) for row in rows]

    def branch(self, chat: str, until: int | None, most: int) -> Sequence[Message]:
        """At most so many messages that lead to one, oldest first."""
        with self._database.reading() as connection:
            rows = connection.execute(
                """
                WITH RECURSIVE above (number, parent, back) AS (
                    SELECT number, parent, 1 FROM messages WHERE number = ? AND conversation = ?
                    UNION ALL
                    SELECT m.number, m.parent, back + 1 FROM above JOIN messages m
                    ON m.number = above.parent WHERE back < ?
                )
                SELECT m.* FROM messages m JOIN above USING (number) ORDER BY back DESC
                """,
                (until, chat, most),
            ).fetchall()
        return [self._database.parse_row(Message, dict(row)) for row in rows]

    def newest_answer(self, chat: str) -> int | None:
        """The answer that was asked for last; None where there is none."""
        with self._database.reading() as connection:
            row = connection.execute(
                "SELECT max(number) FROM messages WHERE conversation = ? AND role = 'assistant'",
                (chat,),
            ).fetchone()
        return None if row[0] is None else int(row[0])

    def answer_to(self, number: int) -> int:
        """The newest answer to a question, or the message itself where there is none."""
        with self._database.reading() as connection:
            row = connection.execute(
                "SELECT max(a.number) FROM messages a JOIN messages q ON q.number = a.parent "
                "WHERE q.number = ? AND q.role = 'user' AND a.role = 'assistant'",
                (number,),
            ).fetchone()
        return number if row[0] is None else int(row[0])

    def _update(self, number: int, change: str, *values: str | None) -> None:
        with self._database.writing() as connection:
            done = connection.execute(
                f"UPDATE messages SET {change} WHERE number = ? AND state = 'writing'",
                (*values, number),
            )
            if not done.rowcount:
                raise ChatMissing("The conversation of this answer is gone.", hint="")


def insert_message(
    connection: sqlite3.Connection,
    chat: str,
    parent: int | None,
    role: str,
    text: str,
    *,
    created: float = 0.0,
    state: MessageState = "whole",
    writer: str = "",
    details: str = "{}",
) -> int:
    """Store a message inside a transaction; its number."""
    cursor = connection.execute(
        "INSERT INTO messages (conversation, parent, role, text, created, state, writer, details) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            chat,
            parent,
            role,
            text,
            created or time.time(),
            state,
            writer,
            details,
        ),
    )
    return int(cursor.lastrowid or 0)


def _require_chat(connection: sqlite3.Connection, chat: str, project: str = "") -> None:
    row = connection.execute(
        "SELECT project FROM conversations WHERE id = ? AND until IS NULL", (chat,)
    ).fetchone()
    if row is None or project not in ("", row["project"]):
        raise chat_missing(chat)


def _require_message(connection: sqlite3.Connection, chat: str, number: int | None) -> None:
    if number is None:
        return
    row = connection.execute(
        "SELECT 1 FROM messages WHERE number = ? AND conversation = ?", (number, chat)
    ).fetchone()
    if row is None:
        raise chat_missing(chat)
