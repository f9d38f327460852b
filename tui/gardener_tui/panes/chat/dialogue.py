"""Ask, ask again, edit, turn to another answer."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from textual.widget import Widget
from textual.worker import Worker

from gardener_core.answers.conversation.exchanges import exchanges
from gardener_core.answers.conversation.tree import Entry, EntryKind
from gardener_core.events.answer import Placed, Prompted
from gardener_core.events.union import Event
from gardener_core.garden.chats.conversations import ChatPlace
from gardener_core.store.garden.projects import Project
from gardener_tui.garden import ScreenGarden
from gardener_tui.panes.background import start
from gardener_tui.panes.chat.asking import Asking
from gardener_tui.panes.chat.older import Shortening
from gardener_tui.panes.chat.shelf import Opened, Shelf
from gardener_tui.panes.chat.transcript import Transcript
from gardener_tui.panes.chat.writing.suggestions import NO_MODEL


@dataclass(slots=True)
class Voice:
    """What answers in a project: the base that explains, and whether its adapter is on.

    An empty `model` leaves it to the project; "none" is the card alone.
    """

    model: str = ""
    adapter: bool = True


class Dialogue:
    """The conversation with each project; one answer at a time."""

    def __init__(
        self,
        garden: ScreenGarden,
        node: Widget,
        mount: Callable[[Transcript], Any],
        show: Callable[[Project, Entry, Event], None],
        opened: Opened,
    ) -> None:
        """`mount` puts a new transcript into the pane, `show` gets the events of an answer.

        `opened` hears of a conversation that was read, and of the draft that was kept.
        """
        self._garden = garden
        self._node = node
        self._show = show
        self.short = Shortening(garden, node)
        self._shelf = Shelf(garden, self.short, mount, opened)
        self._voices: dict[str, Voice] = {}
        self._worker: Worker[None] | None = None
        self.edited: Entry | None = None
        self.project: Project | None = None

    @property
    def answering(self) -> bool:
        """Whether an answer is being written."""
        return self._worker is not None and self._worker.is_running

    @property
    def transcript(self) -> Transcript | None:
        """The conversation with the selected project, if there is one."""
        return self._shelf.of(self.project)

    @property
    def voice(self) -> Voice:
        """What answers in the selected project."""
        return self._voices.setdefault(self.project.id if self.project else "", Voice())

    @property
    def model(self) -> str:
        """The base that is to explain; empty where the project's rule decides."""
        return self.voice.model

    @property
    def current(self) -> Entry | None:
        """The entry that keys act on."""
        turn = self.transcript.current if self.transcript else None
        return turn.entry if turn else None

    def select(self, project: Project | None) -> None:
        """Turn to the conversation with another project, where it was left."""
        self.project = project
        if project is not None and not self._shelf.is_read(project):
            start(self._node, "open", lambda: self._shelf.open(project))

    async def ready(self, project: Project) -> None:
        """Wait until the conversation that was left is there; its error is raised here."""
        await self._shelf.open(project)

    def keep_place(self) -> None:
        """Keep where the conversation in view is scrolled to."""
        project, shown = self.project, self.transcript
        if project is not None and shown is not None:
            start(self._node, "place", lambda: self._shelf.keep_place(project, shown), only=False)

    def open_chat(self, project: Project, chat: str, message: int = 0) -> None:
        """Show another conversation with a project, at a message; an empty id begins a new one."""
        self.edited = None
        start(self._node, "open", lambda: self._shelf.open_chat(project, chat, message))

    def cancel(self) -> None:
        """Cancel the answer that is being written; what is written stays."""
        if self._worker is not None:
            self._worker.cancel()

    def ask(self, text: str, kind: EntryKind) -> None:
        """Ask a new question, or an edited one beside the old one."""
        project, edited = self.project, self.edited
        self.edited = None
        if project is not None:
            start(self._node, "ask", lambda: self._ask(project, text, kind, edited))

    def again(self, *, thorough: bool = False) -> None:
        """Ask the current question once more; the answer before is kept beside the new one.

        Of a `thorough` answer the model reads more, and takes longer.
        """
        project, entry = self.project, self.current
        if project is not None and entry is not None:
            ask = partial(self._ask, project, entry.text, entry.kind, entry, thorough=thorough)
            start(self._node, "ask", ask)

    async def turn_branch(self, by: int) -> bool:
        """Show the answer beside the current one; False where there is none."""
        transcript, entry = self.transcript, self.current
        if transcript is None or entry is None:
            return False
        beside = transcript.conversation.turn(entry.number, by)
        if beside is not None:
            self.short.mark(transcript)
            await transcript.show_path(beside.number)
            if self.project is not None:
                await self._shelf.keep(self.project)
        return beside is not None

    async def _ask(
        self,
        project: Project,
        text: str,
        kind: EntryKind,
        beside: Entry | None,
        *,
        thorough: bool = False,
    ) -> None:
        transcript = await self._shelf.needed(project)
        voice = self._voices.setdefault(project.id, Voice())
        adapter = voice.adapter and bool(project.adapter)
        facts: dict[str, Any] = {"model": voice.model, "adapter": adapter, "asked_at": time.time()}
        conversation = transcript.conversation
        if beside is None:
            entry = conversation.ask(text, kind, **facts)
            await transcript.add(entry)
        else:
            # The same question once more: a kept answer would be the one that is there.
            anew = text == beside.text
            facts |= {"anew": anew, "thorough": thorough}
            entry = conversation.branch(beside.number, text, **facts)
            await transcript.show_path()
        parent = conversation.get(entry.parent) if entry.parent is not None else None
        place = ChatPlace(transcript.chat, parent.kept if parent and parent.kept else None)
        asking = Asking(self._garden, project, transcript, entry, place)
        before = exchanges(conversation.before(entry.number), transcript.summaries)

        def show(event: Event) -> None:
            self._show(project, conversation.get(entry.number), event)
            if isinstance(event, Placed):
                start(self._node, "view", lambda: self._shelf.keep(project))
            elif isinstance(event, Prompted):
                self.short.mark(transcript)

        async def answer() -> None:
            await asking.answer(before, show)
            if voice.model != NO_MODEL:
                self.short.begin(project, transcript, voice.model)

        self._worker = start(self._node, "answer", answer)
