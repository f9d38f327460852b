"""Open conversations where they were left."""

import asyncio
from collections.abc import Callable
from typing import Any

from gardener_core.answers.conversation.tree import Conversation
from gardener_core.errors import ChatMissing
from gardener_core.store.garden.chats.views import END, ChatView, ScrollPlace
from gardener_core.store.garden.projects import Project
from gardener_tui.garden import ScreenGarden
from gardener_tui.panes.background import call
from gardener_tui.panes.chat.older import Shortening
from gardener_tui.panes.chat.transcript import Transcript

MOST_MOUNTED = 4  # conversations that stay on the screen's side, hidden but one
Opened = Callable[[Project, str], None]


class Shelf:
    """The conversation in view of each project; it is read when the project is first selected."""

    def __init__(
        self,
        garden: ScreenGarden,
        short: Shortening,
        mount: Callable[[Transcript], Any],
        opened: Opened,
    ) -> None:
        """`mount` puts a transcript into the pane; `opened` hears of it, and of the kept draft."""
        self._garden = garden
        self._short = short
        self._mount = mount
        self._opened = opened
        self._transcripts: dict[str, Transcript] = {}
        self._read: set[str] = set()
        self._opening = asyncio.Lock()

    def of(self, project: Project | None) -> Transcript | None:
        """The conversation in view of a project, if there is one."""
        transcript = self._transcripts.pop(project.id, None) if project else None
        if project is not None and transcript is not None:
            self._transcripts[project.id] = transcript  # the one seen last is last
        return transcript

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
                await self._show(project, view.chat, conversation, view.place)
            self._opened(project, view.draft)

    async def open_chat(self, project: Project, chat: str, message: int = 0) -> None:
        """Show another conversation, at a message; none where a new one is to begin."""
        await self.open(project)
        async with self._opening:
            talk, at = await call(lambda: self._read_at(chat, message)) if chat else (None, 0)
            if old := self._transcripts.pop(project.id, None):
                await old.remove()
            if talk is not None:
                await self._show(project, chat, talk)
                if at:
                    await self._transcripts[project.id].show_path(at)
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

    async def _take_down(self, shown: Project) -> None:
        """Remove what was not seen for longest; it is read again when it is wanted."""
        idle = [name for name, one in self._transcripts.items() if not one.is_written_to]
        for name in idle[: max(0, len(self._transcripts) - MOST_MOUNTED)]:
            if name != shown.id:
                self._read.discard(name)
                await self._transcripts.pop(name).remove()

    async def keep_place(self, project: Project, transcript: Transcript) -> None:
        """Keep where a conversation is scrolled to."""
        place = transcript.place
        if transcript.chat and place != transcript.kept_place and self._garden.obstacle is None:
            transcript.kept_place = place
            await call(lambda: self._garden.conversations.keep_place(project, place))

    def _read_at(self, chat: str, message: int) -> tuple[Conversation, int]:
        conversations = self._garden.conversations
        return conversations.read_at(chat, message) if message else (conversations.read(chat), 0)

    def _left(self, project: Project) -> tuple[ChatView, Conversation | None]:
        view = self._garden.conversations.view(project)
        if not view.chat:
            return view, None
        try:
            return view, self._garden.conversations.read(view.chat, view.path)
        except ChatMissing:  # it was removed since
            return view, None

    async def _show(
        self, project: Project, chat: str, conversation: Conversation, place: ScrollPlace = END
    ) -> None:
        transcript = Transcript(project.id, chat, conversation)
        transcript.summaries = await call(lambda: self._short.read(chat))
        await self._mount(transcript)
        self._transcripts[project.id] = transcript
        if conversation.path:
            self._short.mark(transcript)
            await transcript.go_to(place)
        await self._take_down(project)
