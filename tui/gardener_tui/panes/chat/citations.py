"""Follow a number of an answer to its code."""

from collections.abc import Mapping

from textual.timer import Timer
from textual.widget import Widget

from gardener_core.answers.conversation.tree import Entry
from gardener_core.code.quotes import Located, Quote
from gardener_core.events.parts import Citation
from gardener_core.store.garden.projects import Project
from gardener_core.system.terminal_text import clean_line
from gardener_tui import toasts
from gardener_tui.garden import ScreenGarden
from gardener_tui.messages import CitationFollowed
from gardener_tui.panes.background import call, start

# How long a second digit is waited for, where the first could be a number by itself.
SECOND_DIGIT_SECONDS = 0.7
GONE = "{place} cannot be read any more: it is gone, or left out."


class Citations:
    """Types numbers, and checks each place against the folder before it is opened.

    What the cited lines said is kept for every entry, as soon as its answer is whole.
    """

    def __init__(self, garden: ScreenGarden, node: Widget) -> None:
        self._garden = garden
        self._node = node
        self._typed = ""
        self._clock: Timer | None = None
        self._quotes: dict[tuple[str, int], Mapping[int, Quote]] = {}

    def keep(self, project: Project, entry: Entry) -> None:
        """Take down what the places of an answer say now."""
        cited = entry.cited
        if cited:
            start(self._node, "quotes", lambda: self._keep(project, entry, cited), only=False)

    async def _keep(self, project: Project, entry: Entry, cited: tuple[Citation, ...]) -> None:
        quotes = await call(lambda: self._garden.code.quotes(project, cited))
        self._quotes[project.id, entry.number] = quotes

    def press(self, digit: str, project: Project, entry: Entry) -> None:
        """Take a digit; the place opens once it is clear which number is meant."""
        self._stop_clock()
        numbers = {str(citation.n): citation for citation in entry.cited}
        typed = self._typed + digit
        if not any(number.startswith(typed) for number in numbers):
            typed = digit
        self._typed = ""
        longer = any(number.startswith(typed) and number != typed for number in numbers)
        citation = numbers.get(typed)
        if longer:
            self._typed = typed

            def decide() -> None:
                self._typed = ""
                if citation is not None:
                    self.follow(project, entry, citation)

            self._clock = self._node.set_timer(SECOND_DIGIT_SECONDS, decide)
        elif citation is not None:
            self.follow(project, entry, citation)

    def takes(self, digit: str, entry: Entry | None) -> bool:
        """Whether a digit begins or goes on with a number of this answer."""
        numbers = [str(citation.n) for citation in entry.cited] if entry else []
        return any(
            number.startswith(typed) for number in numbers for typed in (digit, self._typed + digit)
        )

    def follow(self, project: Project, entry: Entry, citation: Citation) -> None:
        """Open a place in the context pane, and say where it has changed since."""
        start(self._node, "follow", lambda: self._follow(project, entry, citation))

    async def _follow(self, project: Project, entry: Entry, citation: Citation) -> None:
        quote = self._quotes.get((project.id, entry.number), {}).get(citation.n)
        located = Located("same", citation.start_line, citation.end_line)
        if quote is not None:
            located = await call(lambda: self._garden.code.locate(project, quote))
        place = clean_line(f"{citation.path}:{citation.start_line}")
        app = self._node.app
        match located.standing:
            case "gone":
                toasts.show(app, GONE.format(place=place), "warning")
                return
            case "moved":
                now = located.start_line
                toasts.show(app, f"{place} has moved: it is at line {now} now.", "warning")
            case "changed":
                toasts.show(app, f"{place} has changed since this answer.", "warning")
            case "same":
                pass
        self._node.post_message(CitationFollowed(project, entry.cited, citation.n, located))

    def _stop_clock(self) -> None:
        if self._clock is not None:
            self._clock.stop()
            self._clock = None
