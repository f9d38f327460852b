"""Pane 4: the conversation and completions."""

from textual import on
from textual.app import ComposeResult
from textual.widget import Widget

from gardener_core.answers.conversation.tree import EntryKind, written_in
from gardener_core.events.switch import MemoryUse, Switched
from gardener_core.models.model import OLLAMA
from gardener_core.store.garden.projects import Project
from gardener_core.system.terminal_text import clean_line
from gardener_tui import keymap, toasts
from gardener_tui.garden import ScreenGarden
from gardener_tui.messages import (
    BadgeChanged,
    ChatOpened,
    ChatSheetWanted,
    LineLeft,
    QuestionEdited,
    Spoke,
)
from gardener_tui.panes.background import call, start
from gardener_tui.panes.chat.badge import Badge
from gardener_tui.panes.chat.conversations import Conversations
from gardener_tui.panes.chat.dialogue import Dialogue
from gardener_tui.panes.chat.drafts import Drafts
from gardener_tui.panes.chat.transcript import Transcript
from gardener_tui.panes.chat.writing.commands import (
    Called,
    CodePrompt,
    Question,
    UnknownCommand,
    parse,
)
from gardener_tui.panes.chat.writing.prompt import Prompt
from gardener_tui.panes.chat.writing.prompt_area import PromptArea
from gardener_tui.panes.chat.writing.reading_ahead import ReadingAhead
from gardener_tui.panes.chat.writing.suggestions import NO_MODEL
from gardener_tui.panes.pane import Pane
from gardener_tui.widgets.empty_state import EmptyState

LACK_CODE = ("/complete", "/c")
HINT = "/ commands   @ files and symbols"


class ChatPane(Pane):
    """Asks the selected project, and lets its base model continue code."""

    def __init__(self, garden: ScreenGarden) -> None:
        super().__init__(4, "Chat", id="chat")
        self._garden = garden
        self._conversations = Conversations(garden)
        self.badge = Badge()
        self._area = PromptArea(garden)
        self._ahead = ReadingAhead(garden, self, self._conversations.dialogue)
        self._drafts = Drafts(garden, self, lambda: self._area.prompt)
        self.add_class("-empty", update=False)  # nothing is asked yet, and nothing is mounted

    def compose(self) -> ComposeResult:
        """The prompt; a transcript for each project is mounted when it is needed."""
        yield EmptyState("Nothing asked yet.", ("pane.chat", "asks the project"), id="no-chat")
        yield self._conversations
        yield self._area

    @property
    def home(self) -> Widget:
        """The prompt."""
        return self._area.prompt

    @property
    def key_owner(self) -> Widget:
        """The conversations have the keys."""
        return self._conversations

    @property
    def answering(self) -> bool:
        """Whether an answer is being written."""
        return self._conversations.dialogue.answering

    def place_of(self, focused: Widget) -> str:
        """The prompt has its own keys."""
        return "prompt" if isinstance(focused, Prompt) else "chat"

    def select(self, project: Project | None) -> None:
        """Show the conversation with another project."""
        self.set_class(not self._conversations.select(project), "-empty")
        self.badge.select(project)
        self._area.select(project)
        self._drafts.select(project)
        self._remember()
        if project is None:
            self.query_one(EmptyState).say(
                "Ask a project about its code.", ("project.add", "adds one")
            )
            self._area.prompt.hint("Add a project first")
        else:
            self.query_one(EmptyState).say(
                "Nothing asked yet.", ("pane.chat", f"asks {project.name}")
            )
            self._area.prompt.hint(f"Ask about {project.name} …   {HINT}")
        self._show_voice()

    @property
    def transcript(self) -> Transcript | None:
        """The conversation in view, if something was asked in it."""
        return self._conversations.dialogue.transcript

    async def read_summaries(self, transcript: Transcript) -> None:
        """Show what a model reads in short as it is kept now."""
        await self._conversations.dialogue.short.show(transcript)

    @property
    def chat(self) -> str:
        """The id of the conversation in view; empty where it is a new one."""
        transcript = self.transcript
        return transcript.chat if transcript else ""

    @property
    def dialogue(self) -> Dialogue:
        """The conversations, and what was chosen to answer in each."""
        return self._conversations.dialogue

    def show_loaded(self, told: Switched) -> bool:
        """Show what the engine has loaded; False where another project is selected now."""
        is_shown = self.badge.take(told)
        self._show_voice()
        return is_shown

    def open_chat(self, project: Project, chat: str, message: int = 0) -> None:
        """Show another conversation, at a message; an empty id begins a new one."""
        if self._conversations.is_free():
            self._conversations.dialogue.open_chat(project, chat, message)

    def switch_adapter(self) -> None:
        """Answer and complete with the adapter, or with the base model alone."""
        project = self._conversations.dialogue.project
        if project is None or not project.adapter:
            key = self._key("run.train")
            text = f"This project has no adapter yet; {key} trains one."
            toasts.show(self.app, text, "warning")
            return
        voice = self._conversations.dialogue.voice
        voice.adapter = not voice.adapter
        self._show_voice(is_other_voice=True)

    def again(self) -> None:
        """Ask the current question once more."""
        self._conversations.action_again()

    def cancel(self) -> None:
        """Cancel the answer that is being written."""
        self._conversations.dialogue.cancel()

    @on(ChatOpened)
    def _opened(self, event: ChatOpened) -> None:
        event.stop()
        project = self._conversations.dialogue.project
        self._drafts.found(event.project, event.draft)
        if project is not None and project.id == event.project.id:
            self.select(project)

    @on(LineLeft)
    def _left(self, event: LineLeft) -> None:
        event.stop()
        self._drafts.keep_now()
        if self._conversations.dialogue.edited is not None:
            self._conversations.dialogue.edited = None
            self._area.prompt.value = ""
        (self._conversations.dialogue.transcript or self.screen.query_one("#project-list")).focus()

    @on(QuestionEdited)
    def _edited(self, event: QuestionEdited) -> None:
        event.stop()
        prompt = self._area.prompt
        prompt.write_text(event.text)
        prompt.focus()

    @on(PromptArea.Written)
    def _written(self, event: PromptArea.Written) -> None:
        event.stop()
        self._ahead.typed(event.text)
        self._drafts.typed()

    @on(PromptArea.Entered)
    async def _entered(self, event: PromptArea.Entered) -> None:
        event.stop()
        entered = parse(event.text)
        if entered is None or self._conversations.dialogue.project is None:
            return
        asks = isinstance(entered, Question | CodePrompt)
        if asks and not self._conversations.is_free():
            return
        self._area.prompt.value = ""
        match entered:
            case UnknownCommand(text=text):
                command = clean_line(text.partition(" ")[0])
                lacks = "needs code behind it" if command in LACK_CODE else "is no command"
                toasts.show(self.app, f"{command} {lacks}; / shows what there is.", "warning")
            case Called(command=command, argument=argument) if command.name == "model":
                self.choose_model(argument)
            case Called(command=command):
                # What is posted on behalf of this pane would not go further up than here.
                node = self._conversations
                node.call_next(self.app.run_action, command.action, node)
            case Question(text=text):
                self._ask(text, "question")
            case CodePrompt(text=text):
                self._ask(text, "code")

    def choose_model(self, name: str) -> None:
        """Let a base explain in this project from now on, or none; without a name, ask which."""
        if not name:
            self.post_message(ChatSheetWanted("explainer"))
            return
        start(self, "model", lambda: self._choose(name))

    async def _choose(self, name: str) -> None:
        names = [model.name for model in await call(self._garden.models.all)]
        if name not in (*names, NO_MODEL) and not name.startswith(OLLAMA):
            text = f"There is no base {clean_line(name)} here; {self._key('models')} gets one."
            toasts.show(self.app, text, "warning")
            return
        self._conversations.dialogue.voice.model = name
        self._show_voice(is_other_voice=True)
        said = "The card alone answers" if name == NO_MODEL else f"{clean_line(name)} explains"
        toasts.show(self.app, f"{said} in this project from now on.")

    def _remember(self) -> None:
        transcript = self._conversations.dialogue.transcript
        entries = transcript.conversation.entries if transcript else ()
        self._area.prompt.remember(written_in(entries))

    def _ask(self, text: str, kind: EntryKind) -> None:
        self.remove_class("-empty")
        self._conversations.dialogue.ask(text, kind)
        prompt = self._area.prompt
        written = f"/complete {text}" if kind == "code" else text
        prompt.remember((written, *(one for one in prompt.written if one != written)))

    def _show_voice(self, *, is_other_voice: bool = False) -> None:
        dialogue = self._conversations.dialogue
        project, voice, told = dialogue.project, dialogue.voice, self.badge.told
        text = self.badge.text(project, voice.model, adapter=voice.adapter) if project else ""
        self.set_summary(text)
        memory = told.memory if told else MemoryUse()
        self.post_message(BadgeChanged(self.badge.short, memory, is_other_voice=is_other_voice))

    @on(Spoke)
    def _spoke(self, event: Spoke) -> None:
        event.stop()
        self.badge.spoke(event)
        self._show_voice()

    def _key(self, key_id: str) -> str:
        return keymap.of(self.app).key(key_id).shown
