"""Hits as one writes, the latest wish last."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual import on, work
from textual.timer import Timer

from gardener_core.errors import GardenError
from gardener_core.events.index import Retrieved
from gardener_core.events.parts import CodeSpan
from gardener_core.search.query import SCOPES, Filter, Scope
from gardener_core.store.garden.projects import Project
from gardener_core.store.project.choices import Choices
from gardener_tui import keymap, toasts
from gardener_tui.panes.background import call
from gardener_tui.panes.context.cards import HitRow, PlaceRow
from gardener_tui.panes.context.hits import banned, first_found, hit_rows
from gardener_tui.panes.context.lines import Chips, QueryLine
from gardener_tui.panes.context.view import HITS, NOTHING, ContextView, Page
from gardener_tui.remedies import advice
from gardener_tui.widgets.line_input import LineInput
from gardener_tui.widgets.rows import Row
from gardener_tui.widgets.wording import counted, short_time

if TYPE_CHECKING:
    from gardener_core.garden.door import Garden

TYPING_SECONDS = 0.1
SEARCHING = "Searching …"
NO_HIT = "No code has these words."
# Without a table a search reads the files, which is too much for every letter.
WITH_A_TABLE = frozenset({"ready", "stale", "indexing"})


@dataclass(frozen=True, slots=True)
class PendingSearch:
    """What is to be searched; `sent`: the person is done writing."""

    project: Project
    text: str
    scope: Scope
    sent: bool


class SearchView(ContextView):
    """Searches the selected project while one writes; one search at a time, the newest next."""

    def __init__(self, garden: "Garden") -> None:
        super().__init__(garden)
        self._choices = Choices()
        self._found = Retrieved((), 0.0)
        self._filters: tuple[Filter, ...] = ()
        self._question = ""
        self._scope: Scope = "all"
        self._written = ""
        self._clock: Timer | None = None
        # What is to be searched next, and the wish whose answer is still waited for.
        self._wish: PendingSearch | None = None
        self._latest: PendingSearch | None = None
        self._searching = False

    @on(LineInput.Changed, "#query")
    def _typed(self, event: LineInput.Changed) -> None:
        event.stop()
        text = self.query_one(QueryLine).text.strip()
        if text == self._written:
            return
        self._written = text
        self._stop_clock()
        self.back_to_first()
        project = self._project
        if not text:
            self.put_away(NOTHING)
        elif project is not None and project.state in WITH_A_TABLE and not self._found.note:
            wish = PendingSearch(project, text, self._scope, sent=False)
            self._clock = self.set_timer(TYPING_SECONDS, lambda: self._look_for(wish))

    @on(LineInput.Submitted, "#query")
    def _sent(self, event: LineInput.Submitted) -> None:
        event.stop()
        self.search_again(sent=True)

    def search_again(self, sent: bool = False) -> None:
        """Search what stands in the line, in the present scope."""
        self._stop_clock()
        text = self.query_one(QueryLine).text.strip()
        if text and self._project is not None:
            self._written = text
            self.back_to_first()
            self._look_for(PendingSearch(self._project, text, self._scope, sent))

    def next_scope(self) -> None:
        """Search code, tests, or all."""
        self._scope = SCOPES[(SCOPES.index(self._scope) + 1) % len(SCOPES)]
        self._tell_chips()
        self.search_again()

    def put_away(self, sentence: str) -> None:
        """Show what is pinned, and no hits."""
        self.show_hits(Retrieved((), 0.0), sentence)

    def show_hits(self, found: Retrieved, sentence: str = NO_HIT, question: str = "") -> None:
        """Show what a question found, or that there is nothing, whatever page there was."""
        self._filters = ()
        self._take(found, question)
        self.first_page(self._hits_page(sentence))

    def _show_answer(self, found: Retrieved, sentence: str = NO_HIT) -> None:
        """Show what a search found; a page that was opened while it searched stays over it."""
        self._take(found)
        self.lowest_page(self._hits_page(sentence))

    def _take(self, found: Retrieved, question: str = "") -> None:
        self._wish = self._latest = None
        self._found, self._question = found, question
        self._tell_chips()

    def choices_changed(self, choices: Choices) -> None:
        """Show the hits with other pins and bans; other pages stay where they are."""
        pins, self._choices = self._choices.pins, choices
        before = self._pages[0]
        page = self._hits_page(before.nothing)
        fresh = [one for one in choices.pins if not any(one.same(old) for old in pins)]
        # What was just pinned goes up; the cursor stays with what stood below it.
        for row in (*before.rows[before.at :], *before.rows[: before.at][::-1]):
            code = row.spot.code if isinstance(row, HitRow | PlaceRow) else None
            at = _place_of(code, page.rows) if code else None
            if code is not None and at is not None and not any(code.same(one) for one in fresh):
                page.at = at
                break
        self.lowest_page(page)

    def _hits_page(self, sentence: str) -> Page:
        found = self._found
        rows = hit_rows(found, self._choices, sentence)
        hidden = banned(found, self._choices)
        parts = [counted(len(found.hits), "hit"), short_time(found.seconds)]
        if found.tests:
            parts.insert(1, counted(len(found.tests), "test"))
        if hidden:
            parts.append(f"{hidden} banned")
        told = " · ".join(parts) if found.hits else ""
        return Page(HITS, "", rows, told, sentence, first_found(rows, self._choices))

    def _tell_chips(self) -> None:
        chips = self.query_one(Chips)
        width = self.content_size.width
        note = advice(self._found.note, self._found.remedy, keymap.of(self.app))
        chips.tell(self._filters, self._scope, self._question, note, width)

    def _look_for(self, wish: PendingSearch) -> None:
        self._wish = self._latest = wish
        if not self._searching:
            self._search_on()

    @work(group="search", exit_on_error=False)
    async def _search_on(self) -> None:
        self._searching = True
        try:
            while (wish := self._wish) is not None:
                self._wish = None
                await self._answer(wish)
        finally:
            self._searching = False

    async def _answer(self, wish: PendingSearch) -> None:
        project, text, scope = wish.project, wish.text, wish.scope
        try:
            filters = await call(lambda: self._garden.index.filters(project, text))
            if self._is_latest(wish):
                self._filters, self._question = filters, ""
                self._tell_chips()
                self._say_searching()
            found = await call(lambda: self._garden.index.search(project, text, scope=scope))
        except GardenError as problem:
            if self._is_latest(wish):
                told = toasts.error_text(self.app, problem)
                self._show_answer(Retrieved((), 0.0), told)
            return
        if not self._is_latest(wish):
            return
        self._show_answer(found)
        if wish.sent and found.hits and self.has_focus_within and self.page.name == HITS:
            self.list.focus()

    def _say_searching(self) -> None:
        """The first search of a day waits for the process that searches."""
        if self.page.name != HITS:
            return
        self.news("searching …")
        if not self.page.rows:
            self.page.nothing = SEARCHING
            self.say_nothing()

    def _is_latest(self, wish: PendingSearch) -> bool:
        """An answer that nobody waits for any more is not shown."""
        selected = self._project is not None and self._project.id == wish.project.id
        return selected and self._latest is wish and wish.text == self._written

    def _stop_clock(self) -> None:
        if self._clock is not None:
            self._clock.stop()
            self._clock = None


def _place_of(code: CodeSpan, rows: Sequence[Row]) -> int | None:
    """Where the same code stands among other rows."""
    for at, row in enumerate(rows):
        if isinstance(row, HitRow | PlaceRow) and row.spot.code.same(code):
            return at
    return None
