"""Store a whole conversation at once."""

import sqlite3
from collections.abc import Sequence

from gardener_core.store.database import Database
from gardener_core.store.garden.chats.conversations import insert_chat, new_chat_id, title_of
from gardener_core.store.garden.chats.messages import insert_message

# Text, its speaker, when it was written, and the place of what it replies to.
NewMessage = tuple[str, str, float, int | None]


def store_chat(
    database: Database, project: str, title: str, source: str, messages: Sequence[NewMessage]
) -> bool:
    """Store it, all or nothing; False where it was made from this source before."""
    with database.writing() as connection:
        if _is_there(connection, project, source):
            return False
        chat = new_chat_id()
        first = next((text for text, *_ in messages), "")
        insert_chat(connection, chat, project, title_of(title or first), source)
        numbers: list[int] = []
        answered = {parent for *_, parent in messages}
        for place, (text, role, created, parent) in enumerate(messages):
            above = None if parent is None else numbers[parent]
            numbers.append(insert_message(connection, chat, above, role, text, created=created))
            if role == "user" and place not in answered:
                insert_message(
                    connection, chat, numbers[-1], "assistant", "", created=created, state="stopped"
                )
    return True


def _is_there(connection: sqlite3.Connection, project: str, source: str) -> bool:
    row = connection.execute(
        "SELECT 1 FROM conversations WHERE project = ? AND source = ?", (project, source)
    ).fetchone()
    return row is not None
