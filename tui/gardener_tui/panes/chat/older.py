"""What a model reads in short of a conversation."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping

from textual.content import Content
from textual.widget import Widget

from gardener_core.answers.conversation.exchanges import older_of, summary_of
from gardener_core.answers.conversation.tree import Conversation, Entry
from gardener_core.errors import GardenError
from gardener_core.events.answer import SummariesMade
from gardener_core.store.garden.chats.summaries import Summary, maker_of
from gardener_core.store.garden.projects import Project
from gardener_core.system.terminal_text import clean_line
from gardener_tui import keymap
from gardener_tui.garden import ScreenGarden
from gardener_tui.panes.background import call, each, start
from gardener_tui.panes.chat.transcript import Transcript
from gardener_tui.widgets.plain_text import styled
from gardener_tui.widgets.wording import counted

MOST_AT_ONCE = 8  # summaries that a model writes after an answer


def older_line(
    conversation: Conversation, summaries: Mapping[int, Summary], key: str
) -> tuple[int, Content]:
    """The number of the first entry that is read whole, and the line above it; 0 for none."""
    path = conversation.path
    older = older_of(path)
    if not older:
        return 0, Content()
    at = [entry.number for entry in path].index(older[-1].number) + 1
    makers = Counter(clean_line(maker_of(summary_of(entry, summaries))) for entry in older)
    told = ", ".join(f"{count} by {maker}" for maker, count in makers.most_common())
    line = styled(
        (f"▸ {counted(len(older), 'older exchange')}, read in short: {told}", "$label"),
        (f"  {key}", "$accent"),
    )
    return (path[at].number if at < len(path) else 0), line


class Shortening:
    """Has older exchanges shortened after an answer, while nothing else is asked."""

    def __init__(self, garden: ScreenGarden, node: Widget) -> None:
        self._garden = garden
        self._node = node
        self._tried: set[int] = set()
        self._reads = 0

    def read(self, chat: str) -> Mapping[int, Summary]:
        """The summaries that are kept of a conversation."""
        return self._garden.conversations.summaries.of(chat)

    def mark(self, transcript: Transcript) -> None:
        """Show where the exchanges end that are read in short."""
        key = keymap.of(self._node.app).key("chat.short").shown
        transcript.mark(*older_line(transcript.conversation, transcript.summaries, key))

    async def show(self, transcript: Transcript) -> None:
        """Read what is kept now, and mark where it ends."""
        self._reads += 1
        number = self._reads
        read = await call(lambda: self.read(transcript.chat))
        if number == self._reads:  # else a newer one is on its way
            transcript.summaries = read
            self.mark(transcript)

    def begin(self, project: Project, transcript: Transcript, model: str) -> None:
        """Have those shortened that no model has shortened yet; `model` was named, or is empty."""
        older = older_of(transcript.conversation.path)
        waiting = [entry.kept for entry in older if self._waits(entry, transcript.summaries)]
        if waiting and self._garden.obstacle is None:
            newest = waiting[-MOST_AT_ONCE:]
            start(self._node, "short", lambda: self._make(project, transcript, newest, model))

    def _waits(self, entry: Entry, summaries: Mapping[int, Summary]) -> bool:
        is_new = bool(entry.kept) and entry.kept not in self._tried
        return is_new and summary_of(entry, summaries).maker == "sentences"

    async def _make(
        self, project: Project, transcript: Transcript, answers: list[int], model: str
    ) -> None:
        chats, chat = self._garden.chats, transcript.chat

        def once(stop: Callable[[], bool]) -> Iterator[SummariesMade]:
            yield chats.summarise(project, chat, answers, model=model, cancelled=stop)

        try:
            async for done in each(once):
                if not done.skipped:
                    self._tried.update(answers)
            await self.show(transcript)
        except GardenError:
            return  # the exchanges stand there all the same, and first sentences go along
