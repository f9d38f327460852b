"""Pane 4: the conversation and completions."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widget import Widget

from gardener_core.events.answer import Answered
from gardener_core.events.index import Retrieved
from gardener_core.events.run import Noted
from gardener_core.events.union import Event
from gardener_core.store.garden.projects import Project
from gardener_core.system.terminal_text import clean_line
from gardener_tui import keymap, toasts
from gardener_tui.garden import ScreenGarden
from gardener_tui.messages import HitsFound, LineLeft
from gardener_tui.panes.chat.citations import Citations
from gardener_tui.panes.chat.conversation.tree import Entry
from gardener_tui.panes.chat.copying import Copying
from gardener_tui.panes.chat.dialogue import Dialogue
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

    BINDINGS: ClassVar[list[BindingType]] = [*keymap.bindings("card"), *keymap.bindings("chat")]

    def __init__(self, garden: ScreenGarden) -> None:
        super().__init__(4, "Chat", id="chat")
        self._dialogue = Dialogue(garden, self, self._mount, self._show_event)
        self._citations = Citations(garden, self)
        self._copying = Copying(garden, self)

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
    def answering(self) -> bool:
        """Whether an answer is being written."""
        return self._dialogue.answering

    def place_of(self, focused: Widget) -> str:
        """The prompt has its own keys."""
        return "prompt" if isinstance(focused, Prompt) else "chat"

    def select(self, project: Project | None) -> None:
        """Show the conversation with another project."""
        self._dialogue.project = project
        shown = self._dialogue.transcript
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
        self._show_voice()

    def switch_adapter(self) -> None:
        """Answer and complete with the adapter, or with the base model alone."""
        project = self._dialogue.project
        if project is None or not project.adapter:
            key = self._key("run.train")
            text = f"This project has no adapter yet; {key} trains one."
            toasts.show(self.app, text, "warning")
            return
        voice = self._dialogue.voice
        voice.adapter = not voice.adapter
        self._show_voice()

    def cancel(self) -> None:
        """Cancel the answer that is being written."""
        self._dialogue.cancel()

    @on(LineLeft)
    def _left(self, event: LineLeft) -> None:
        event.stop()
        if self._dialogue.edited is not None:
            self._dialogue.edited = None
            self.query_one(Prompt).value = ""
        (self._dialogue.transcript or self.screen.query_one("#project-list")).focus()

    @on(LineInput.Submitted)
    def _submitted(self, event: LineInput.Submitted) -> None:
        event.stop()
        prompt = self.query_one(Prompt)
        entered = parse(prompt.text)
        if entered is None or self._dialogue.project is None or self._is_busy():
            return
        prompt.value = ""
        match entered:
            case UnknownCommand(text=text):
                self._show_commands(text)
            case Question(text=text):
                self._dialogue.ask(text, "question")
            case CodePrompt(text=text):
                self._dialogue.ask(text, "code")

    def _is_busy(self) -> bool:
        if self.answering:
            text = f"One answer at a time; {self._key('cancel')} cancels this one."
            toasts.show(self.app, text, "warning")
        return self.answering

    def _show_commands(self, written: str) -> None:
        command = written.partition(" ")[0]
        what = f"{command} continues code, and there is none." if command in COMMANDS else (
            f"There is no command {clean_line(command)}."
        )  # fmt: skip
        toasts.show(self.app, f"{what}\n{KNOWN}", "warning")

    async def _mount(self, transcript: Transcript) -> None:
        await self.mount(transcript, before=self.query_one(Prompt))
        self.remove_class("-empty")

    def _show_event(self, project: Project, entry: Entry, event: Event) -> None:
        """Show what of an answer concerns more than its turn."""
        match event:
            case Retrieved():
                self.post_message(HitsFound(project, entry.text, event))
                if event.note:
                    tries = advice(event.note, event.remedy, keymap.of(self.app))
                    toasts.show(self.app, tries, "warning")
            case Noted(text=text):
                toasts.show(self.app, text, "information")
            case Answered():
                self._citations.keep(project, entry)

    async def _paint(self) -> None:
        for transcript in self.query(Transcript):
            await transcript.paint()

    def _show_voice(self) -> None:
        project, voice = self._dialogue.project, self._dialogue.voice
        if project is None:
            self.set_summary("")
        elif not project.adapter:
            self.set_summary("base model alone · no adapter yet")
        elif voice.adapter:
            self.set_summary(f"adapter {project.adapter} on")
        else:
            self.set_summary(f"base model alone · adapter {project.adapter} off")

    def _key(self, key_id: str) -> str:
        return keymap.of(self.app).key(key_id).shown

    # Keys.

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """A digit that no line of the card has goes to a pane, as everywhere else."""
        return action != "follow" or self._citations.takes(
            str(parameters[0]), self._dialogue.current
        )

    def action_follow(self, digit: str) -> None:
        """Open the code of a line of the card."""
        project, entry = self._dialogue.project, self._dialogue.current
        if project is not None and entry is not None:
            self._citations.press(digit, project, entry)

    def action_scroll_by(self, by: int) -> None:
        """Scroll the conversation."""
        if transcript := self._dialogue.transcript:
            transcript.scroll_by(by)

    async def action_end(self, first: bool) -> None:
        """Go to the first message or to the last."""
        if transcript := self._dialogue.transcript:
            await transcript.go_to_end(first=first)

    async def action_step(self, by: int) -> None:
        """Go to the question before or after the current one."""
        if transcript := self._dialogue.transcript:
            await transcript.step(by)

    def action_again(self) -> None:
        """Answer the current question once more."""
        if not self._is_busy():
            self._dialogue.again()

    def action_edit(self) -> None:
        """Change the current question and send it again."""
        entry = self._dialogue.current
        if entry is not None:
            self._dialogue.edited = entry
            prompt = self.query_one(Prompt)
            prompt.write_text(f"/complete {entry.text}" if entry.kind == "code" else entry.text)
            prompt.focus()

    async def action_branch(self, by: int) -> None:
        """Show another answer to the current question."""
        if not await self._dialogue.turn_branch(by):
            toasts.show(self.app, "There is no other answer on that side.", "warning")

    def action_thinking(self) -> None:
        """Open or fold what the model thought."""
        transcript = self._dialogue.transcript
        turn = transcript.current if transcript else None
        if turn is None or not turn.switch_thinking():
            toasts.show(self.app, "This answer has no thinking in it.", "warning")

    def action_copy(self) -> None:
        """Copy the current answer, or write it into a file."""
        project, entry = self._dialogue.project, self._dialogue.current
        if project is not None and entry is not None and entry.answer:
            self._copying.copy(project.name, entry)
        else:
            toasts.show(self.app, "There is no answer to copy yet.", "warning")

    def action_export(self) -> None:
        """Write the conversation into files."""
        project, transcript = self._dialogue.project, self._dialogue.transcript
        if project is not None and transcript is not None:
            self._copying.export(project.name, transcript.conversation)
        else:
            toasts.show(self.app, "There is no conversation to write yet.", "warning")
