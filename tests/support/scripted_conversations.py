"""Conversations of a scripted garden: none is kept, but where the chat was left is noted."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from gardener_core.answers.conversation.tree import Conversation
from gardener_core.garden.chats.conversations import Conversations
from gardener_core.garden.chats.summaries import Summaries
from gardener_core.store.garden.chats.contexts import ContextView
from gardener_core.store.garden.chats.conversations import Chat
from gardener_core.store.garden.chats.search import ChatMatch
from gardener_core.store.garden.chats.summaries import Summary
from gardener_core.store.garden.chats.views import ChatView, ScrollPlace
from gardener_core.store.garden.projects import Project


class ScriptedSummaries(Summaries):
    """What a test lays out, by the number of the answer."""

    def __init__(self) -> None:
        self.kept: dict[int, Summary] = {}

    def of(self, chat: str) -> Mapping[int, Summary]:
        return dict(self.kept)

    def edit(self, chat: str, answer: int, text: str) -> None:
        self.kept[answer] = Summary(answer, text, "person")

    def delete(self, chat: str, answer: int) -> None:
        self.kept.pop(answer, None)


class ScriptedConversations(Conversations):
    """What a test lays out; `note` hears what was kept."""

    def __init__(self, note: Callable[..., None]) -> None:
        self.note = note
        self.views: dict[str, ChatView] = {}
        self.talks: dict[str, Conversation] = {}
        self.summaries = ScriptedSummaries()
        self.contexts: dict[str, ContextView] = {}

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

    def context(self, project: Project) -> ContextView:
        return self.contexts.get(project.id, ContextView())

    def keep_context(self, project: Project, view: ContextView) -> None:
        self.contexts[project.id] = view

    def search(self, text: str, most: int = 50) -> Sequence[ChatMatch]:
        return ()
