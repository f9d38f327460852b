"""The conversations of the chat pane, and what their keys do."""

from typing import ClassVar

from textual.binding import BindingType
from textual.containers import Vertical
from textual.worker import Worker

from gardener_core.answers.conversation.exchanges import exchanges
from gardener_core.answers.conversation.tree import Entry
from gardener_core.events.answer import Answered, Completed, Prompted
from gardener_core.events.index import Retrieved
from gardener_core.events.run import Noted
from gardener_core.events.union import Event
from gardener_core.store.garden.projects import Project
from gardener_tui import keymap, toasts
from gardener_tui.garden import ScreenGarden
from gardener_tui.messages import (
    AnswerOpened,
    ChatOpened,
    ChatSheet,
    ChatSheetWanted,
    ComparisonWanted,
    HitsFound,
    QuestionEdited,
    Spoke,
)
from gardener_tui.panes.chat.citations import Citations
from gardener_tui.panes.chat.copying import Copying
from gardener_tui.panes.chat.dialogue import Dialogue
from gardener_tui.panes.chat.transcript import Transcript
from gardener_tui.remedies import advice

PAINTS_A_SECOND = 10
PLACE_SECONDS = 2.0


class Conversations(Vertical):
    """The transcript of the selected project; its keys act on the current question."""

    BINDINGS: ClassVar[list[BindingType]] = [*keymap.bindings("card"), *keymap.bindings("chat")]

    def __init__(self, garden: ScreenGarden) -> None:
        super().__init__(id="conversations")
        self.dialogue = Dialogue(garden, self, self._mount, self._show_event, self._opened)
        self._citations = Citations(garden, self)
        self._copying = Copying(garden, self)

    def on_mount(self) -> None:
        """Paint streamed tokens at the clock's pace, and keep where it was scrolled to."""
        self.set_interval(1 / PAINTS_A_SECOND, self._paint)
        self.set_interval(PLACE_SECONDS, self.dialogue.keep_place)

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Show the error of a call that failed."""
        toasts.show_worker_error(self.app, event)

    def select(self, project: Project | None) -> bool:
        """Show the conversation with another project; False where there is none yet."""
        self.dialogue.select(project)
        shown = self.dialogue.transcript
        for transcript in self.query(Transcript):
            transcript.display = transcript is shown
        self.display = shown is not None
        return shown is not None

    def is_free(self) -> bool:
        """Whether a question can be asked now; where one is being answered, say so."""
        if self.dialogue.answering:
            key = keymap.of(self.app).key("cancel").shown
            toasts.show(self.app, f"One answer at a time; {key} cancels this one.", "warning")
        return not self.dialogue.answering

    def _opened(self, project: Project, draft: str) -> None:
        self.post_message(ChatOpened(project, draft))

    async def _mount(self, transcript: Transcript) -> None:
        self.display = True
        await self.mount(transcript)

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
            case Prompted(model=model, adapter=adapter):
                self.post_message(Spoke(project, model, adapter))
            case Answered(model=model, adapter=adapter, without=without):
                self._citations.keep(project, entry)
                if model:
                    self.post_message(Spoke(project, model, adapter, without))
            case Completed(model=model, adapter=adapter, without=without) if model:
                which = f"{model} {event.digest[:12]}".rstrip()
                self.post_message(Spoke(project, which, adapter, without))

    async def _paint(self) -> None:
        for transcript in self.query(Transcript):
            await transcript.paint()

    # Keys.

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """A digit that no line of the card has goes to a pane, as everywhere else."""
        return action != "follow" or self._citations.takes(
            str(parameters[0]), self.dialogue.current
        )

    def action_follow(self, digit: str) -> None:
        """Open the code of a line of the card."""
        project, entry = self.dialogue.project, self.dialogue.current
        if project is not None and entry is not None:
            self._citations.press(digit, project, entry)

    def action_scroll_by(self, by: int) -> None:
        """Scroll the conversation."""
        if transcript := self.dialogue.transcript:
            transcript.scroll_by(by)

    async def action_end(self, first: bool) -> None:
        """Go to the first message or to the last."""
        if transcript := self.dialogue.transcript:
            await transcript.go_to_end(first=first)

    async def action_step(self, by: int) -> None:
        """Go to the question before or after the current one."""
        if transcript := self.dialogue.transcript:
            await transcript.step(by)

    def action_again(self, thorough: bool = False) -> None:
        """Answer the current question once more; if it is `thorough`, let the model read more."""
        if self.is_free():
            self.dialogue.again(thorough=thorough)

    def action_edit(self) -> None:
        """Change the current question and send it again."""
        entry = self.dialogue.current
        if entry is not None:
            self.dialogue.edited = entry
            self.post_message(QuestionEdited(entry.written))
        else:
            toasts.show(self.app, "Nothing was asked yet.", "warning")

    def action_opened(self, page: str) -> None:
        """Show in the context pane what the answer saw, or the exact prompt."""
        project, entry = self.dialogue.project, self.dialogue.current
        if project is None or entry is None or entry.retrieved is None:
            toasts.show(self.app, "Nothing was asked yet.", "warning")
        elif page == "prompt" and entry.prompted is None:
            toasts.show(self.app, "No model read anything for this answer.", "warning")
        else:
            wanted = page == "prompt"
            self.post_message(
                AnswerOpened(
                    project, entry.text, entry.retrieved, entry.card, entry.prompted, wanted
                )
            )

    async def action_branch(self, by: int) -> None:
        """Show another answer to the current question."""
        if not await self.dialogue.turn_branch(by):
            toasts.show(self.app, "There is no other answer on that side.", "warning")

    def action_compare(self) -> None:
        """Answer the current question with the adapter and without, side by side."""
        project, entry, shown = (
            self.dialogue.project,
            self.dialogue.current,
            self.dialogue.transcript,
        )
        if project is None or entry is None or shown is None or entry.kind == "code":
            toasts.show(self.app, "There is no question to compare answers to.", "warning")
        elif self.is_free():
            before = exchanges(shown.conversation.before(entry.number), shown.summaries)
            model = self.dialogue.model
            self.post_message(ComparisonWanted(project, entry.text, model, before))

    def action_thinking(self) -> None:
        """Open or fold what the model thought."""
        transcript = self.dialogue.transcript
        turn = transcript.current if transcript else None
        if turn is None or not turn.switch_thinking():
            toasts.show(self.app, "This answer has no thinking in it.", "warning")

    def action_sheet(self, sheet: ChatSheet) -> None:
        """Choose among conversations or bases, or change the conversation in view."""
        self.post_message(ChatSheetWanted(sheet))

    def action_copy(self) -> None:
        """Copy the current answer, or write it into a file."""
        project, entry = self.dialogue.project, self.dialogue.current
        if project is not None and entry is not None and entry.answer:
            self._copying.copy(project.name, entry)
        else:
            toasts.show(self.app, "There is no answer to copy yet.", "warning")

    def action_export(self) -> None:
        """Write the conversation into files."""
        project, transcript = self.dialogue.project, self.dialogue.transcript
        if project is not None and transcript is not None:
            self._copying.export(project.name, transcript.conversation)
        else:
            toasts.show(self.app, "There is no conversation to write yet.", "warning")
