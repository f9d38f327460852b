"""Search what was said, over all projects."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from gardener_core.errors import BadInput
from gardener_core.store.database import Database

MOST_WORDS = 20


@dataclass(frozen=True, slots=True)
class ChatMatch:
    """A message that holds every word; `excerpt` is what stands around the first of them."""

    number: int
    chat: str
    title: str
    project: str
    project_name: str
    role: str
    created: float
    excerpt: str


# The newest come first: to rank all that hold a common word would take as long as there are many.
_SEARCH = """
    SELECT m.number, c.id AS chat, c.title, p.id AS project, p.name AS project_name, m.role,
        m.created, snippet(message_words, 0, '', '', '…', 16) AS excerpt
    FROM message_words JOIN messages m ON m.number = message_words.rowid
    JOIN conversations c ON c.id = m.conversation AND c.until IS NULL
    JOIN projects p ON p.id = c.project AND p.until IS NULL
    WHERE message_words MATCH ? ORDER BY message_words.rowid DESC LIMIT ?
"""


def search_messages(database: Database, text: str, most: int) -> Sequence[ChatMatch]:
    """Messages that hold every word of a text, the newest first; the last word may go on."""
    words = [word.replace('"', "") for word in text.split()]
    words = [word for word in words if any(letter.isalnum() for letter in word)][:MOST_WORDS]
    if not words:
        raise BadInput("There is no word to search for.", hint="Give one or more words.")
    query = " ".join(f'"{word}"' for word in words) + "*"
    with database.reading() as connection:
        rows: list[sqlite3.Row] = connection.execute(_SEARCH, (query, most)).fetchall()
    return [database.parse_row(ChatMatch, dict(row)) for row in rows]
