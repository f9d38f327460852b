"""Open conversations where they were left."""

import asyncio
from collections.abc import Callable
from typing import Any

from gardener_core.answers.conversation.tree import Conversation
from gardener_core.errors import ChatMissing
from gardener_core.store.garden.chats.views import ChatView
from gardener_core.store.garden.projects import Project
from gardener_tui.garden import ScreenGarden
from gardener_tui.panes.background import call
from gardener_tui.panes.chat.transcript import Transcript

Opened = Callable[[Project, str], None]


class Shelf:
    """The conversation in view of each project; it is read when the project is first selected."""

    def __init__(
        self, garden: ScreenGarden, mount: Callable[[Transcript], Any], opened: Opened
    ) -> None:
        """`mount` puts a transcript into the pane; `opened` hears of it, and of the kept draft."""
        self._garden = garden
        self._mount = mount
        self._opened = opened
        self._transcripts: dict[str, Transcript] = {}
        self._read: set[str] = set()
        self._opening = asyncio.Lock()

    def of(self, project: Project | None) -> Transcript | None:
        """The conversation in view of a project, if there is one."""
        return self._transcripts.get(project.id) if project else None

    def is_read(self, project: Project) -> bool:
        """Whether it is known where the chat about a project was left."""
        return project.id in self._read

    async def open(self, project: Project) -> None:
        """Show the conversation that was left, once."""
        async with self._opening:
            if self.is_read(project):
                return
            view, conversation = await call(lambda: self._left(project))
            self._read.add(project.id)
            if conversation is not None and project.id not in self._transcripts:
                await self._show(project, view.chat, conversation)
            self._opened(project, view.draft)

    async def open_chat(self, project: Project, chat: str) -> None:
        """Show another conversation; none where a new one is to begin."""
        await self.open(project)
        async with self._opening:
            conversations = self._garden.conversations
            talk = await call(lambda: conversations.read(chat)) if chat else None
            if old := self._transcripts.pop(project.id, None):
                await old.remove()
            if talk is not None:
                await self._show(project, chat, talk)
            await self.keep(project)
            self._opened(project, "")

    async def needed(self, project: Project) -> Transcript:
        """The conversation in view, or a new one."""
        await self.open(project)
        if project.id not in self._transcripts:
            await self._show(project, "", Conversation())
        return self._transcripts[project.id]

    async def keep(self, project: Project) -> None:
        """Keep which conversation is in view, and which branch of it."""
        transcript = self._transcripts.get(project.id)
        chat = transcript.chat if transcript else ""
        path = [entry.kept for entry in transcript.conversation.path] if transcript else []
        if self._garden.obstacle is None:
            numbers = [number for number in path if number]
            await call(lambda: self._garden.conversations.keep_view(project, chat, numbers))

    def _left(self, project: Project) -> tuple[ChatView, Conversation | None]:
        view = self._garden.conversations.view(project)
        if not view.chat:
            return view, None
        try:
            return view, self._garden.conversations.read(view.chat, view.path)
        except ChatMissing:  # it was removed since
            return view, None

    async def _show(self, project: Project, chat: str, conversation: Conversation) -> None:
        transcript = Transcript(project.id, chat, conversation)
        await self._mount(transcript)
        self._transcripts[project.id] = transcript
        if conversation.path:
            await transcript.show_path()
