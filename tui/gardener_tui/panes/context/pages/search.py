"""The first page: the hits of what is being written."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from textual.timer import Timer

from gardener_core.errors import GardenError
from gardener_core.events.index import Retrieved
from gardener_core.events.parts import CodeSpan
from gardener_core.search.query import SCOPES, Filter, Scope
from gardener_core.store.garden.projects import Project
from gardener_core.store.project.choices import Choices
from gardener_tui import keymap, toasts
from gardener_tui.garden import ScreenGarden
from gardener_tui.panes.background import call, start
from gardener_tui.panes.context.lines import Chips, QueryLine
from gardener_tui.panes.context.page import NOTHING_SEARCHED, EmptyText, Page
from gardener_tui.panes.context.rows.hits import count_banned, first_found, hit_rows
from gardener_tui.panes.context.spot import spot_of
from gardener_tui.panes.context.stack import PageStack
from gardener_tui.remedies import advice
from gardener_tui.widgets.rows import Row
from gardener_tui.widgets.wording import counted, short_time

TYPING_SECONDS = 0.1
SEARCHING = EmptyText("Searching …")
NO_HIT = EmptyText("No code has these words.")
NO_RESULT = Retrieved((), 0.0)
# Without a table a search reads the files, which is too much for every letter.
WITH_A_TABLE = frozenset({"ready", "stale", "indexing"})


@dataclass(frozen=True, slots=True)
class TypedQuery:
    """What to search; `submitted`: the person has finished writing."""

    project: Project
    text: str
    scope: Scope
    submitted: bool


@dataclass(frozen=True, slots=True)
class SearchState:
    """What stands in the search line, what was found for it, and the place of the cursor."""

    written: str = ""
    retrieved: Retrieved = NO_RESULT
    filters: tuple[Filter, ...] = ()
    question: str = ""
    scope: Scope = "all"
    choices: Choices = field(default_factory=Choices)
    empty: EmptyText = NOTHING_SEARCHED
    at: int = 0


class SearchPage(Page):
    """Searches the project while one writes; one search at a time, then the newest query."""

    def __init__(self, garden: ScreenGarden, stack: PageStack) -> None:
        super().__init__()
        self._garden = garden
        self._stack = stack
        self._choices = Choices()
        self._retrieved = NO_RESULT
        self._filters: tuple[Filter, ...] = ()
        self._question = ""  # of the chat, where the hits are those of an answer
        self._scope: Scope = "all"
        self._written = ""
        self._clock: Timer | None = None
        # The query that is searched next, and the one whose hits are wanted.
        self._next: TypedQuery | None = None
        self._latest: TypedQuery | None = None
        self._searching = False

    @property
    def searching(self) -> bool:
        """Whether a search is running."""
        return self._searching

    @property
    def due(self) -> bool:
        """Whether what is written will be searched in a moment."""
        return self._clock is not None

    @property
    def written(self) -> str:
        """What stood in the search line when it was last read."""
        return self._written

    # Input.

    def typed(self) -> None:
        """Search what is written, once no letter follows for a moment."""
        text = self._line.text.strip()
        if text == self._written:
            return
        self._written = text
        self._stop_clock()
        self._stack.back_to_first()
        project = self._stack.project
        if not text:
            self.clear(NOTHING_SEARCHED)
        elif project is not None and project.state in WITH_A_TABLE and not self._retrieved.note:
            query = TypedQuery(project, text, self._scope, submitted=False)
            self._clock = self._stack.set_timer(TYPING_SECONDS, lambda: self.pause_ended(query))

    def pause_ended(self, query: TypedQuery) -> None:
        """Search what was typed; its clock may have run out just before it was submitted."""
        if self._clock is not None and query.text == self._written:
            self._search(query)

    def submit(self, *, submitted: bool = True) -> None:
        """Search what is written, now and in the present scope."""
        self._stop_clock()
        text, project = self._line.text.strip(), self._stack.project
        if text and project is not None:
            self._written = text
            self._stack.back_to_first()
            self._search(TypedQuery(project, text, self._scope, submitted))

    def next_scope(self) -> None:
        """Search code, tests, or all."""
        self._scope = SCOPES[(SCOPES.index(self._scope) + 1) % len(SCOPES)]
        self._show_chips()
        self.submit(submitted=False)

    def leave_project(self) -> None:
        """Forget what was written and found in another project."""
        self._written, self._scope = "", "all"
        self._line.value = ""
        self._choices = Choices()
        if self.rows or self._filters or self.empty != NOTHING_SEARCHED or self._covered:
            self.clear(NOTHING_SEARCHED)

    @property
    def state(self) -> SearchState:
        """What is to be seen again when the project comes back."""
        found = self._retrieved, self._filters, self._question
        return SearchState(self._written, *found, self._scope, self._choices, self.empty, self.at)

    def take(self, state: SearchState) -> None:
        """Show what was seen of a project; a search that was running is begun again."""
        self._stop_clock()
        self._next = self._latest = None
        self._written = state.written
        self._line.write(state.written)
        self._filters, self._scope, self._choices = state.filters, state.scope, state.choices
        self._retrieved, self._question = state.retrieved, state.question
        self._fill(state.empty)
        self.at = state.at
        self._show_chips()
        self._stack.back_to_first()
        self._stack.redraw(self)
        if state.empty is SEARCHING:
            self.submit(submitted=False)

    # Output.

    def clear(self, empty: EmptyText) -> None:
        """Show what is pinned and no hits."""
        self.show(NO_RESULT, empty=empty)

    def show(self, retrieved: Retrieved, question: str = "", empty: EmptyText = NO_HIT) -> None:
        """Show these hits instead of whatever is shown now."""
        self._filters = ()
        self._take(retrieved, question)
        self._fill(empty)
        if self._covered:
            self._stack.back_to_first()
        else:
            self._stack.redraw(self)

    def choices_changed(self, choices: Choices) -> None:
        """Show the hits with other pins and bans; other pages stay where they are."""
        pins, self._choices = self._choices.pins, choices
        before, at = self.rows, self.at
        self._fill(self.empty)
        fresh = [one for one in choices.pins if not any(one.same(old) for old in pins)]
        self.at = _place_again(before, at, self.rows, fresh, self.at)
        self._stack.redraw(self)

    def _fill(self, empty: EmptyText) -> None:
        """Make the rows of what was found."""
        retrieved = self._retrieved
        self.rows = hit_rows(retrieved, self._choices, empty.sentence)
        self.empty, self.at = empty, first_found(self.rows, self._choices)
        self.summary = _summary(retrieved, self._choices)

    def _show_chips(self) -> None:
        note = advice(self._retrieved.note, self._retrieved.remedy, keymap.of(self._stack.app))
        self._stack.query_one(Chips).show_chips(
            self._filters, self._scope, self._question, note, self._stack.content_size.width
        )

    @property
    def _covered(self) -> bool:
        """Whether another page lies over this one."""
        return self._stack.page is not self

    @property
    def _line(self) -> QueryLine:
        return self._stack.query_one(QueryLine)

    # Searching.

    def _search(self, query: TypedQuery) -> None:
        self._next = self._latest = query
        if not self._searching:
            start(self._stack, "search", self._search_until_done, only=False)

    async def _search_until_done(self) -> None:
        self._searching = True
        try:
            while (query := self._next) is not None:
                self._next = None
                await self._answer(query)
        finally:
            self._searching = False

    async def _answer(self, query: TypedQuery) -> None:
        project, text, scope = query.project, query.text, query.scope
        try:
            filters = await call(lambda: self._garden.index.filters(project, text))
            if self._is_latest(query):
                self._filters, self._question = filters, ""
                self._show_chips()
                self._show_searching()
            retrieved = await call(lambda: self._garden.index.search(project, text, scope=scope))
        except GardenError as problem:
            if self._is_latest(query):
                empty = EmptyText(toasts.error_text(self._stack.app, problem))
                self._show_answer(NO_RESULT, empty)
            return
        if not self._is_latest(query):
            return
        self._show_answer(retrieved, NO_HIT)
        on_top = self._stack.has_focus_within and not self._covered
        if query.submitted and retrieved.hits and on_top:
            self._stack.rows.focus()

    def _show_answer(self, retrieved: Retrieved, empty: EmptyText) -> None:
        """Show what a search found; a page that was opened meanwhile stays over it."""
        self._take(retrieved, "")
        self._fill(empty)
        self._stack.redraw(self)

    def _take(self, retrieved: Retrieved, question: str) -> None:
        self._next = self._latest = None
        self._retrieved, self._question = retrieved, question
        self._show_chips()

    def _show_searching(self) -> None:
        """The first search of a day waits for the process that searches."""
        self.summary = "searching …"
        if self.rows:
            self._stack.post_message(PageStack.Drawn())
        else:
            self.empty = SEARCHING
            self._stack.redraw(self)

    def _is_latest(self, query: TypedQuery) -> bool:
        """Whether the hits of this query are still wanted."""
        project = self._stack.project
        selected = project is not None and project.id == query.project.id
        return selected and self._latest is query and query.text == self._written

    def _stop_clock(self) -> None:
        if self._clock is not None:
            self._clock.stop()
            self._clock = None


def _place_of(code: CodeSpan, rows: Sequence[Row]) -> int | None:
    """The place of this code among other rows."""
    for at, row in enumerate(rows):
        spot = spot_of(row)
        if spot is not None and spot.code.same(code):
            return at
    return None


def _place_again(
    before: Sequence[Row], at: int, rows: Sequence[Row], fresh: Sequence[CodeSpan], otherwise: int
) -> int:
    """The place of the cursor; what was just pinned goes up, it stays with what stood below."""
    for row in (*before[at:], *before[:at][::-1]):
        spot = spot_of(row)
        place = _place_of(spot.code, rows) if spot else None
        if spot and place is not None and not any(spot.code.same(one) for one in fresh):
            return place
    return otherwise


def _summary(retrieved: Retrieved, choices: Choices) -> str:
    parts = [counted(len(retrieved.hits), "hit"), short_time(retrieved.seconds)]
    if retrieved.tests:
        parts.insert(1, counted(len(retrieved.tests), "test"))
    if banned := count_banned(retrieved, choices):
        parts.append(f"{banned} banned")
    return " · ".join(parts) if retrieved.hits else ""
