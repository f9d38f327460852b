"""Summaries of what was said long ago in a conversation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gardener_core.answers.conversation.exchanges import answered_questions, older_of, summary_of
from gardener_core.answers.conversation.tree import Conversation, Entry
from gardener_core.errors import BadInput
from gardener_core.store.database import Database
from gardener_core.store.garden.chats.summaries import Summary, SummaryTable

MOST_CHARACTERS = 2000


@dataclass(frozen=True, slots=True)
class InShort:
    """An exchange and its summary; `older` where a model reads no more of it than that."""

    entry: Entry
    summary: Summary
    older: bool = True


class Summaries:
    """Reads and edits summaries; the exchanges themselves stay as they are."""

    def __init__(self, database: Database) -> None:
        self._table = SummaryTable(database)

    def of(self, chat: str) -> Mapping[int, Summary]:
        """Those that are kept of a conversation, by the number of the answer."""
        return self._table.of_chat(chat) if chat else {}

    def all(self, chat: str, conversation: Conversation) -> Sequence[InShort]:
        """Every exchange of the branch in view, oldest first."""
        kept, path = self.of(chat), conversation.path
        older = {entry.number for entry in older_of(path)}
        return [
            InShort(entry, summary_of(entry, kept), entry.number in older)
            for entry in answered_questions(path)
        ]

    def edit(self, chat: str, answer: int, text: str) -> None:
        """Write a summary by hand; what a model writes never replaces it."""
        written = " ".join(text.split())
        if not written:
            raise BadInput("A summary needs words.", hint="Delete it to have it made anew.")
        if len(written) > MOST_CHARACTERS:
            raise BadInput(f"A summary has at most {MOST_CHARACTERS} characters.", hint="")
        self._table.edit(chat, answer, written)

    def delete(self, chat: str, answer: int) -> None:
        """Delete a summary, also an edited one; it is made anew from the exchange."""
        self._table.delete(chat, answer)
