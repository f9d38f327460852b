"""Conversations of a scripted garden: none is kept, but where the chat was left is noted."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from gardener_core.answers.conversation.tree import Conversation
from gardener_core.garden.chats.conversations import Conversations
from gardener_core.store.garden.chats.conversations import Chat
from gardener_core.store.garden.chats.search import ChatMatch
from gardener_core.store.garden.chats.views import ChatView, ScrollPlace
from gardener_core.store.garden.projects import Project


class ScriptedConversations(Conversations):
    """What a test lays out; `note` hears what was kept."""

    def __init__(self, note: Callable[..., None]) -> None:
        self.note = note
        self.views: dict[str, ChatView] = {}
        self.talks: dict[str, Conversation] = {}

    def all(self, project: Project | None = None) -> Sequence[Chat]:
        return ()

    def read(self, chat: str, path: Sequence[int] = ()) -> Conversation:
        return self.talks[chat]

    def view(self, project: Project) -> ChatView:
        return self.views.get(project.id, ChatView())

    def keep_view(self, project: Project, chat: str, path: Sequence[int]) -> None:
        pass

    def keep_place(self, project: Project, place: ScrollPlace) -> None:
        self.views[project.id] = replace(self.view(project), place=place)

    def keep_draft(self, project: Project, draft: str) -> None:
        pass

    def search(self, text: str, most: int = 50) -> Sequence[ChatMatch]:
        return ()
