"""What older exchanges said, in short."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, assert_never

from gardener_core.errors import ChatMissing
from gardener_core.store.database import Database

# Who made a summary; "sentences" are the first ones of question and answer.
SummaryMaker = Literal["person", "model", "sentences"]


@dataclass(frozen=True, slots=True)
class Summary:
    """A question and its answer, in short; `answer` is the number of the answer.

    `model` names the base that wrote it, if one did.
    """

    answer: int
    text: str
    maker: SummaryMaker
    model: str = ""
    created: float = 0.0


def maker_of(summary: Summary) -> str:
    """Who made a summary, in words."""
    match summary.maker:
        case "person":
            return "you"
        case "model":
            return summary.model or "a model"
        case "sentences":
            return "first sentences"
        case _ as never:
            assert_never(never)


class SummaryTable:
    """The table `summaries`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of_chat(self, chat: str) -> Mapping[int, Summary]:
        """Every summary of a conversation, by the number of the answer."""
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT s.* FROM summaries s JOIN messages m ON m.number = s.answer "
                "WHERE m.conversation = ?",
                (chat,),
            ).fetchall()
        read = [self._database.parse_row(Summary, dict(row)) for row in rows]
        return {summary.answer: summary for summary in read}

    def keep(self, summary: Summary) -> bool:
        """Store what was made, unless a person wrote one; whether it is stored."""
        with self._database.writing() as connection:
            done = connection.execute(
                "INSERT INTO summaries (answer, text, maker, model, created) "
                "SELECT number, ?, ?, ?, ? FROM messages WHERE number = ? AND role = 'assistant' "
                "ON CONFLICT (answer) DO UPDATE SET text = excluded.text, maker = excluded.maker, "
                "model = excluded.model, created = excluded.created "
                "WHERE summaries.maker <> 'person' AND excluded.maker <> 'sentences'",
                (summary.text, summary.maker, summary.model, time.time(), summary.answer),
            )
        return bool(done.rowcount)

    def edit(self, chat: str, answer: int, text: str) -> None:
        """Store what a person wrote; it is never replaced by what is made."""
        with self._database.writing() as connection:
            done = connection.execute(
                "INSERT INTO summaries (answer, text, maker, created) "
                "SELECT number, ?, 'person', ? FROM messages "
                "WHERE number = ? AND conversation = ? AND role = 'assistant' "
                "ON CONFLICT (answer) DO UPDATE SET text = excluded.text, maker = 'person', "
                "model = '', created = excluded.created",
                (text, time.time(), answer, chat),
            )
            if not done.rowcount:
                raise ChatMissing("There is no such answer in this conversation.", hint="")

    def delete(self, chat: str, answer: int) -> None:
        """Delete a summary, whoever made it; the next one is made anew."""
        with self._database.writing() as connection:
            connection.execute(
                "DELETE FROM summaries WHERE answer = (SELECT number FROM messages "
                "WHERE number = ? AND conversation = ?)",
                (answer, chat),
            )
