"""Keep conversations, find them again, go on in them."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from gardener_core.answers.conversation.exchanges import (
    MOST_EXCHANGES,
    MOST_SUMMARISED,
    exchanges,
)
from gardener_core.answers.conversation.foreign import LeftOut, read_foreign
from gardener_core.answers.conversation.stored import entries_of, question_details
from gardener_core.answers.conversation.tree import Conversation, Entry
from gardener_core.answers.requests import AskRequest, CompleteRequest, Exchange
from gardener_core.engine.client import Engine, never
from gardener_core.errors import BadInput, ChatMissing, EngineLost
from gardener_core.events.answer import Placed
from gardener_core.events.run import Noted
from gardener_core.events.union import Event
from gardener_core.garden.chats.summaries import Summaries
from gardener_core.store.database import Database
from gardener_core.store.garden.chats.contexts import ContextTable, ContextView
from gardener_core.store.garden.chats.conversations import Chat, ConversationTable
from gardener_core.store.garden.chats.importing import store_chat
from gardener_core.store.garden.chats.messages import MessageTable, StoredQuestion
from gardener_core.store.garden.chats.search import ChatMatch, search_messages
from gardener_core.store.garden.chats.views import ChatView, ChatViewTable, ScrollPlace
from gardener_core.store.garden.chats.writers import Writer, is_writing
from gardener_core.store.garden.projects import Project
from gardener_core.system.files.regular import read_regular
from gardener_core.system.places import Places

MOST_MATCHES = 50
MOST_IMPORTED_BYTES = 512 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class ChatPlace:
    """Where a question goes: into a conversation, after an answer; a new one where it is empty."""

    chat: str = ""
    after: int | None = None


@dataclass(frozen=True, slots=True)
class Imported:
    """How many conversations were taken over, with how many messages; how many were there.

    `empty` ones hold no words. `left_out` counts what is not in those that were taken over.
    """

    imported: int
    already: int
    messages: int
    empty: int = 0
    left_out: Mapping[LeftOut, int] = field(default_factory=dict)


class Conversations:
    """The conversations that are kept."""

    def __init__(self, places: Places, database: Database, engine: Engine) -> None:
        self._places = places
        self._database = database
        self._engine = engine
        self._writer = Writer(places)
        self._chats = ConversationTable(database)
        self._messages = MessageTable(database)
        self._views = ChatViewTable(database)
        self._contexts = ContextTable(database)
        self.summaries = Summaries(database)

    def all(self, project: Project | None = None) -> Sequence[Chat]:
        """The conversations about a project or about all, the latest active first."""
        return self._chats.of_project(project.id) if project else self._chats.all()

    def get(self, chat: str) -> Chat:
        """One conversation."""
        return self._chats.get(chat)

    def read(self, chat: str, path: Sequence[int] = ()) -> Conversation:
        """Everything that was said in a conversation; `path` are answers on the branch in view."""
        self._chats.get(chat)
        entries = list(entries_of(self._messages.all(chat), self._is_writing))
        known = {entry.number for entry in entries}
        return Conversation(entries, [number for number in path if number in known])

    def read_at(self, chat: str, message: int) -> tuple[Conversation, int]:
        """A conversation with a message in view, and the number of the entry that it belongs to."""
        conversation = self.read(chat)
        entry = self._messages.answer_to(message)
        return conversation, entry if conversation.lead_to(entry) else 0

    def place(self, project: Project, chat: str) -> ChatPlace:
        """The end of a conversation: of one by its id, of the "last" one, or of a "new" one."""
        if chat == "new":
            return ChatPlace()
        if chat == "last":
            chats = self._chats.of_project(project.id)
            if not chats:
                return ChatPlace()
            chat = chats[0].id
        chat = self._chats.get(chat).id
        return ChatPlace(chat, self._messages.newest_answer(chat))

    def before(self, place: ChatPlace) -> tuple[Exchange, ...]:
        """What was said before a place, the oldest first; of what is long ago only summaries."""
        if not place.chat or place.after is None:
            return ()
        most = 2 * (MOST_EXCHANGES + MOST_SUMMARISED)
        entries = list(
            entries_of(self._messages.branch(place.chat, place.after, most), self._is_writing)
        )
        return exchanges(entries, self.summaries.of(place.chat))

    def answer(
        self,
        project: Project,
        place: ChatPlace | None,
        entry: Entry,
        request: AskRequest | CompleteRequest,
        cancelled: Callable[[], bool] = never,
    ) -> Iterator[Event]:
        """`Placed` once the question is stored, then the answer, which the engine stores.

        Without a place nothing is stored.
        """
        if place is None:
            yield from self._engine.answer(request, cancelled)
            return
        if isinstance(request, AskRequest) and not request.before:
            request = replace(request, before=self.before(place))
        try:
            stored = self._ask(project, place, entry)
        except ChatMissing:
            if not self._was_removed(project, place.chat):
                raise
            # Another screen has removed what is asked in here.
            self._chats.restore(place.chat)
            stored = self._ask(project, place, entry)
            yield Noted("This conversation had been removed; it is back.")
        yield Placed(stored.chat, stored.question, stored.answer)
        try:
            yield from self._engine.answer(replace(request, answer=stored.answer), cancelled)
        except EngineLost:
            self._messages.break_off(stored.answer)
            raise

    def _ask(self, project: Project, place: ChatPlace, entry: Entry) -> StoredQuestion:
        details, writer = question_details(entry), self._writer.name
        return self._messages.ask(project.id, place.chat, place.after, entry.text, details, writer)

    def _was_removed(self, project: Project, chat: str) -> bool:
        return any(one.id == chat and one.project == project.id for one in self.removed())

    def search(self, text: str, most: int = MOST_MATCHES) -> Sequence[ChatMatch]:
        """Messages with every word of a text, over all projects, the newest first."""
        return search_messages(self._database, text, most)

    def rename(self, chat: str, title: str) -> Chat:
        """Change a title."""
        self._chats.rename(chat, title)
        return self._chats.get(chat)

    def remove(self, chat: str) -> None:
        """Take a conversation off the list; for a week it can be restored."""
        self._chats.remove(chat)

    def restore(self, chat: str) -> Chat:
        """Put a removed conversation back."""
        return self._chats.restore(chat)

    def removed(self) -> Sequence[Chat]:
        """What can be restored."""
        return self._chats.removed()

    def import_file(self, project: Project, file: Path) -> Imported:
        """Take over the conversations of a ChatGPT or Claude export; each once."""
        try:
            data = read_regular(file, MOST_IMPORTED_BYTES)
        except OSError as problem:
            raise BadInput(f"{file} cannot be read: {problem.strerror}.", hint="") from None
        new, there, count, empty = 0, 0, 0, 0
        left_out: Counter[LeftOut] = Counter()
        for chat in read_foreign(data):
            if not chat.messages:
                empty += 1
                continue
            messages = [(one.text, one.role, one.created, one.parent) for one in chat.messages]
            if store_chat(self._database, project.id, chat.title, chat.source, messages):
                new, count = new + 1, count + len(messages)
                left_out.update(chat.left_out)
            else:
                there += 1
        told = {reason: number for reason, number in left_out.items() if number}
        return Imported(new, there, count, empty, told)

    def view(self, project: Project) -> ChatView:
        """Where the chat about a project was left."""
        return self._views.get(project.id)

    def keep_view(self, project: Project, chat: str, path: Sequence[int]) -> None:
        """Keep which conversation is in view, and which branch of it."""
        self._views.keep_chat(project.id, chat, path)

    def keep_place(self, project: Project, place: ScrollPlace) -> None:
        """Keep where the conversation in view is scrolled to."""
        self._views.keep_place(project.id, place)

    def context(self, project: Project) -> ContextView:
        """What was searched in a project when a screen left it."""
        return self._contexts.get(project.id)

    def keep_context(self, project: Project, view: ContextView) -> None:
        """Keep what is searched in a project."""
        self._contexts.keep(project.id, view)

    def keep_draft(self, project: Project, draft: str) -> None:
        """Keep what stands in the prompt."""
        self._views.keep_draft(project.id, draft)

    def _is_writing(self, writer: str) -> bool:
        return is_writing(self._places, writer)
