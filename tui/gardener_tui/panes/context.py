"""Pane 3: the code that was found."""

from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widget import Widget

from gardener_core.events import Hit, Retrieved
from gardener_core.keeping.projects import Project
from gardener_core.plain import clean_line
from gardener_tui import keymap, toasts
from gardener_tui.messages import PromptLeft
from gardener_tui.panes.background import call
from gardener_tui.panes.pane import Pane
from gardener_tui.widgets.code import numbered
from gardener_tui.widgets.empty_state import EmptyState
from gardener_tui.widgets.line_input import LineInput
from gardener_tui.widgets.meter import DOTS, dots
from gardener_tui.widgets.plain_text import PlainText, styled
from gardener_tui.widgets.wording import counted, ending, short_time

if TYPE_CHECKING:
    from gardener_core.garden.door import Garden

# Lines of a hit that is not the current one.
LINES_SHOWN = 12
RANK = 3
NOTHING = "Nothing searched yet."
NO_HIT = "No code has these words."


class QueryLine(LineInput):
    """Where one writes what to search."""

    BINDINGS: ClassVar[list[BindingType]] = keymap.bindings("query")


class HitCard(Vertical):
    """One hit: where it is, why it was found, and its code."""

    def __init__(self, hit: Hit, best: float) -> None:
        super().__init__(classes="hit")
        self._hit = hit
        self._best = best

    def compose(self) -> ComposeResult:
        """A head, the code, the words that matched."""
        yield PlainText(classes="hit-head")
        yield PlainText(self._code(LINES_SHOWN), classes="hit-code")
        yield PlainText(styled((_why(self._hit), "$label")), classes="hit-why")

    @property
    def text(self) -> str:
        """The place and the code, to be copied."""
        hit = self._hit
        return f"{hit.path}:{hit.start_line}\n{hit.text}"

    def unfold(self, whole: bool) -> None:
        """Be the current hit, with all its code, or one of the others."""
        self.set_class(whole, "-current")
        if self._hit.text.count("\n") > LINES_SHOWN:
            self.query_one(".hit-code", PlainText).show(self._code(0 if whole else LINES_SHOWN))

    def on_resize(self) -> None:
        """Cut the path to the new width."""
        hit = self._hit
        score = f" {hit.score:.1f} "
        tail = f":{hit.start_line}"
        room = self.size.width - RANK - DOTS - len(score) - len(tail)
        self.query_one(".hit-head", PlainText).show(
            styled(
                (f"{hit.rank:>2} ", "bold $accent"),
                dots(hit.score / self._best if self._best > 0 else 0.0),
                (score, "$label"),
                (ending(clean_line(hit.path), max(12, room)), "bold"),
                (tail, "$label"),
            )
        )

    def _code(self, most: int) -> Content:
        return numbered(self._hit.text, self._hit.start_line, self._hit.language, most)


def _why(hit: Hit) -> str:
    named = f"{clean_line(hit.kind)} {clean_line(hit.symbol)}".strip()
    words = " ".join(clean_line(term) for term in hit.why.terms)
    return " · ".join(part for part in (named, words) if part)


class Hits(VerticalScroll, can_focus=True):
    """The cards; one of them is the current one."""

    BINDINGS: ClassVar[list[BindingType]] = keymap.bindings("context")

    def __init__(self) -> None:
        super().__init__(id="hits")
        self._at = 0

    async def show(self, hits: tuple[Hit, ...]) -> None:
        """Show other hits."""
        await self.remove_children()
        best = max((hit.score for hit in hits), default=0.0)
        await self.mount_all(HitCard(hit, best) for hit in hits)
        self._go(0)

    def action_step(self, by: int) -> None:
        """Go to a hit beside the current one."""
        self._go(self._at + by)

    def action_copy(self) -> None:
        """Copy the code of the current hit, with its place."""
        cards = list(self.query(HitCard))
        if cards:
            toasts.copy(self.app, cards[self._at].text, "The code of the hit is copied.")

    def action_first(self) -> None:
        """Go to the best hit."""
        self._go(0)

    def action_last(self) -> None:
        """Go to the last hit."""
        self._go(len(self.query(HitCard)) - 1)

    def _go(self, at: int) -> None:
        cards = list(self.query(HitCard))
        self._at = max(0, min(at, len(cards) - 1))
        for place, card in enumerate(cards):
            card.unfold(place == self._at)
        if cards:
            self.call_after_refresh(cards[self._at].scroll_visible, top=True, animate=False)


class ContextPane(Pane):
    """Searches the selected project, and shows what a search or a question found."""

    def __init__(self, garden: "Garden") -> None:
        super().__init__(3, "Context", id="context")
        self._garden = garden
        self._project: Project | None = None

    def compose(self) -> ComposeResult:
        """The search line, the hits, and the state without hits."""
        yield QueryLine(id="query", placeholder="Search the code")
        yield Hits()
        yield EmptyState(NOTHING, "search", "searches the code", id="no-hits")

    def on_mount(self) -> None:
        """Nothing is found yet."""
        self.add_class("-empty")

    @property
    def home(self) -> Widget:
        """The hits, or the search line while there are none."""
        return self.query_one(QueryLine) if self.has_class("-empty") else self.query_one(Hits)

    @property
    def keyed(self) -> Widget:
        """The hits."""
        return self.query_one(Hits)

    def place_of(self, focused: Widget) -> str:
        """The search line has its own keys."""
        return "query" if isinstance(focused, QueryLine) else "context"

    def select(self, project: Project | None) -> None:
        """Show another project: what was found in the one before is put away."""
        same = project is not None and self._project is not None and project.id == self._project.id
        self._project = project
        self.query_one(QueryLine).hint(f"Search {project.name}" if project else "Search the code")
        if not same:
            self.query_one(QueryLine).value = ""
            self.show_hits(Retrieved((), 0.0), NOTHING)

    @property
    def search_line(self) -> Widget:
        """Where one writes what to search."""
        return self.query_one(QueryLine)

    @on(LineInput.Submitted)
    def _search(self, event: LineInput.Submitted) -> None:
        event.stop()
        query = self.query_one(QueryLine).text.strip()
        if query and self._project is not None:
            self.search(self._project, query)

    @on(PromptLeft)
    def _left(self, event: PromptLeft) -> None:
        event.stop()
        self.query_one(Hits).focus()

    @work(exclusive=True, group="search", exit_on_error=False)
    async def search(self, project: Project, query: str) -> None:
        """Ask the index, and show what it found."""
        found = await call(lambda: self._garden.index.search(project, query))
        self.show_hits(found, NO_HIT)
        if found.note:
            toasts.tell(self.app, found.note, "warning")
        if found.hits and self.has_focus_within:
            self.query_one(Hits).focus()

    @work(exclusive=True, group="hits", exit_on_error=False)
    async def show_hits(self, found: Retrieved, sentence: str = NO_HIT) -> None:
        """Show what a search or a question found."""
        self.set_class(not found.hits, "-empty")
        self.query_one(EmptyState).say(sentence, "search", "searches the code")
        await self.query_one(Hits).show(found.hits)
        self.news(
            f"{counted(len(found.hits), 'hit')} · {short_time(found.seconds)}" if found.hits else ""
        )
