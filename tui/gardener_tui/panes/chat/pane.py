"""Pane 4: the conversation and completions."""

import time

from textual import on, work
from textual.app import ComposeResult
from textual.widget import Widget
from textual.worker import Worker

from gardener_core.events.index import Retrieved
from gardener_core.events.run import Noted
from gardener_core.events.union import Event
from gardener_core.store.garden.projects import Project
from gardener_core.system.terminal_text import clean_line
from gardener_tui import keymap, toasts
from gardener_tui.garden import ScreenGarden
from gardener_tui.messages import HitsFound, LineLeft
from gardener_tui.panes.chat.asking import Asking
from gardener_tui.panes.chat.conversation.tree import Entry, EntryKind
from gardener_tui.panes.chat.prompt import (
    COMMANDS,
    KNOWN,
    CodePrompt,
    Prompt,
    Question,
    UnknownCommand,
    parse,
)
from gardener_tui.panes.chat.transcript import Transcript
from gardener_tui.panes.pane import Pane
from gardener_tui.remedies import advice
from gardener_tui.widgets.empty_state import EmptyState
from gardener_tui.widgets.line_input import LineInput

PAINTS_A_SECOND = 10
COMPLETES = "/complete CODE continues code"


class ChatPane(Pane):
    """Asks the selected project, and lets its base model continue code."""

    def __init__(self, garden: ScreenGarden) -> None:
        super().__init__(4, "Chat", id="chat")
        self._garden = garden
        self._project: Project | None = None
        self._with_adapter = True
        self._answering: Worker[None] | None = None

    def compose(self) -> ComposeResult:
        """The prompt; a transcript for each project is mounted when it is needed."""
        yield EmptyState("Nothing asked yet.", ("pane.chat", "asks the project"), id="no-chat")
        yield Prompt(id="prompt")

    def on_mount(self) -> None:
        """Paint streamed tokens at the clock's pace."""
        self.add_class("-empty")
        self.set_interval(1 / PAINTS_A_SECOND, self._paint)

    @property
    def home(self) -> Widget:
        """The prompt."""
        return self.query_one(Prompt)

    @property
    def key_owner(self) -> Widget:
        """The conversation, if there is one."""
        return self._transcript() or self

    @property
    def answering(self) -> bool:
        """Whether an answer is being written."""
        return self._answering is not None and self._answering.is_running

    @property
    def with_adapter(self) -> bool:
        """Whether completions use the project's adapter."""
        return self._with_adapter

    def place_of(self, focused: Widget) -> str:
        """The prompt has its own keys."""
        return "prompt" if isinstance(focused, Prompt) else "chat"

    def select(self, project: Project | None) -> None:
        """Show the conversation with another project."""
        self._project = project
        shown = self._transcript()
        for transcript in self.query(Transcript):
            transcript.display = transcript is shown
        self.set_class(shown is None, "-empty")
        if project is None:
            self.query_one(EmptyState).say(
                "Ask a project about its code.", ("project.add", "adds one")
            )
            self.query_one(Prompt).hint("Add a project first")
        else:
            self.query_one(EmptyState).say(
                "Nothing asked yet.", ("pane.chat", f"asks {project.name}")
            )
            self.query_one(Prompt).hint(f"Ask about {project.name} …   {COMPLETES}")
        self._show_adapter()

    def switch_adapter(self) -> None:
        """Complete with the adapter, or with the base model alone."""
        if self._project is None or not self._project.adapter:
            toasts.show(
                self.app,
                f"This project has no adapter yet; {self._key('run.train')} trains one.",
                "warning",
            )
            return
        self._with_adapter = not self._with_adapter
        self._show_adapter()

    def cancel(self) -> None:
        """Cancel the answer that is being written."""
        if self._answering is not None:
            self._answering.cancel()

    @on(LineLeft)
    def _left(self, event: LineLeft) -> None:
        event.stop()
        (self._transcript() or self.screen.query_one("#project-list")).focus()

    @on(LineInput.Submitted)
    async def _submitted(self, event: LineInput.Submitted) -> None:
        event.stop()
        prompt = self.query_one(Prompt)
        entered = parse(prompt.text)
        if entered is None or self._project is None:
            return
        if self.answering:
            toasts.show(
                self.app,
                f"One answer at a time; {self._key('cancel')} cancels this one.",
                "warning",
            )
            return
        prompt.value = ""
        match entered:
            case UnknownCommand(text=text):
                self._show_commands(text)
            case Question(text=text):
                await self._ask(self._project, text, "question")
            case CodePrompt(text=text):
                await self._ask(self._project, text, "code")

    def _show_commands(self, written: str) -> None:
        command = written.partition(" ")[0]
        what = f"{command} continues code, and there is none." if command in COMMANDS else (
            f"There is no command {clean_line(command)}."
        )  # fmt: skip
        toasts.show(self.app, f"{what}\n{KNOWN}", "warning")

    @work(group="answer", exit_on_error=False)
    async def _answer(self, project: Project, entry: Entry) -> None:
        transcript = self._transcript()
        assert transcript is not None
        await transcript.add(entry)

        def show(event: Event) -> None:
            match event:
                case Retrieved():
                    self.post_message(HitsFound(project, entry.text, event))
                    if event.note:
                        tries = advice(event.note, event.remedy, keymap.of(self.app))
                        toasts.show(self.app, tries, "warning")
                case Noted(text=text):
                    toasts.show(self.app, text, "information")

        await Asking(self._garden, project, transcript, entry).answer(show)

    async def _ask(self, project: Project, text: str, kind: EntryKind) -> None:
        transcript = self._transcript()
        if transcript is None:
            transcript = Transcript(project.id)
            await self.mount(transcript, before=self.query_one(Prompt))
            self.remove_class("-empty")
        adapter = self._with_adapter and bool(project.adapter)
        entry = transcript.conversation.ask(text, kind, adapter=adapter, asked_at=time.time())
        self._answering = self._answer(project, entry)

    def _key(self, key_id: str) -> str:
        return keymap.of(self.app).key(key_id).shown

    def _transcript(self) -> Transcript | None:
        if self._project is None:
            return None
        wanted = self._project.id
        return next((item for item in self.query(Transcript) if item.project == wanted), None)

    async def _paint(self) -> None:
        for transcript in self.query(Transcript):
            await transcript.paint()

    def _show_adapter(self) -> None:
        project = self._project
        if project is None:
            self.set_summary("")
        elif not project.adapter:
            self.set_summary("base model alone · no adapter yet")
        elif self._with_adapter:
            self.set_summary(f"adapter {project.adapter} on")
        else:
            self.set_summary(f"base model alone · adapter {project.adapter} off")
