"""Let the model read a question while it is being written."""

from collections.abc import Callable, Iterator

from textual.timer import Timer
from textual.widget import Widget

from gardener_core.answers.conversation.exchanges import NO_SUMMARIES, exchanges
from gardener_core.errors import GardenError
from gardener_core.events.answer import ReadAhead
from gardener_core.store.garden.projects import Project
from gardener_tui.garden import ScreenGarden
from gardener_tui.panes.background import each, start
from gardener_tui.panes.chat.dialogue import Dialogue
from gardener_tui.panes.chat.writing.commands import Question, parse
from gardener_tui.panes.chat.writing.suggestions import NO_MODEL

PAUSE_SECONDS = 0.8  # without a letter, until what stands there is read
SHORTEST = 8  # letters of a question that is worth it


class ReadingAhead:
    """Reads the question that stands in the prompt when writing pauses, the newest one only."""

    def __init__(self, garden: ScreenGarden, node: Widget, dialogue: Dialogue) -> None:
        self._garden = garden
        self._node = node
        self._dialogue = dialogue
        self._clock: Timer | None = None
        self.last: ReadAhead | None = None

    def typed(self, text: str) -> None:
        """Begin anew with what stands there now, or leave it, where it is no question."""
        self._node.workers.cancel_group(self._node, "ahead")
        if self._clock is not None:
            self._clock.stop()
            self._clock = None
        written, dialogue = parse(text), self._dialogue
        project = dialogue.project
        if not isinstance(written, Question) or len(written.text) < SHORTEST or project is None:
            return
        if dialogue.model == NO_MODEL or dialogue.answering:
            return
        question = written.text
        self._clock = self._node.set_timer(PAUSE_SECONDS, lambda: self._begin(project, question))

    def _begin(self, project: Project, question: str) -> None:
        start(self._node, "ahead", lambda: self._read(project, question))

    async def _read(self, project: Project, question: str) -> None:
        voice, transcript = self._dialogue.voice, self._dialogue.transcript
        said = transcript.conversation.path if transcript else ()
        before = exchanges(said, transcript.summaries if transcript else NO_SUMMARIES)

        def once(stop: Callable[[], bool]) -> Iterator[ReadAhead]:
            yield self._garden.chats.read_ahead(
                project,
                question,
                model=voice.model,
                adapter=voice.adapter,
                before=before,
                cancelled=stop,
            )

        try:
            async for done in each(once):
                self.last = done
        except GardenError:
            # The question itself, once it is sent, says what is wrong.
            return
