"""Ask which of two answers is better."""

from collections.abc import Sequence
from functools import partial
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container, Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import OptionList
from textual.worker import Worker

from gardener_core.evaluation.votes.tally import VoteTally, tally_words
from gardener_core.evaluation.votes.vote import Choice, Pair, Vote
from gardener_core.evaluation.votes.words import question_text, revealed, vote_text, vote_title
from gardener_core.store.garden.adapters import Adapter
from gardener_core.store.garden.projects import Project
from gardener_core.system.terminal_text import clean, clean_line
from gardener_tui import keymap, toasts
from gardener_tui.garden import ScreenGarden
from gardener_tui.panes.background import call, start
from gardener_tui.screens.pickers.pick_box import PickList
from gardener_tui.screens.sheet import Sheet
from gardener_tui.widgets.footer import Hints
from gardener_tui.widgets.plain_text import PlainText, styled

NARROW = 100  # columns below which the two stand below each other
NONE_LEFT = "No pair is left: every place where the two differ has its vote."


class VoteScreen(Sheet[None]):
    """One pair after another without names; behind it every vote with them."""

    BINDINGS: ClassVar[list[BindingType]] = keymap.bindings("vote")

    def __init__(
        self,
        garden: ScreenGarden,
        project: Project,
        adapter: Adapter,
        against: Adapter | None = None,
    ) -> None:
        """Without another adapter it is the base that the adapter stands against."""
        super().__init__()
        self._garden = garden
        self._project = project
        self._adapter = adapter
        self._against = against
        self._pair: Pair | None = None
        self._votes: Sequence[Vote] = ()
        self._last = ""

    def compose(self) -> ComposeResult:
        """The question over the two answers; a list of votes beside one of them."""
        other = self._against.version if self._against else "base"
        with Vertical(classes="sheet-box -whole") as box:
            title = f"Which is better? {self._adapter.version} or {other}, without names"
            box.border_title = Content(clean_line(title))
            yield PlainText(id="vote-state")
            with VerticalScroll(id="vote-pair", can_focus=False):
                yield PlainText(id="vote-question")
                with Container(id="vote-answers"):
                    for side in ("left", "right"):
                        with Vertical(classes="side"):
                            yield PlainText(id=f"vote-head-{side}", classes="side-head")
                            yield PlainText(id=f"vote-{side}")
            with Horizontal(id="rows-both"):
                yield PickList(id="rows-list")
                with VerticalScroll(id="rows-preview", can_focus=False):
                    yield PlainText(id="rows-preview-text")
        yield Hints("vote")

    def on_mount(self) -> None:
        """Draw the first pair."""
        self.query_one("#rows-list", PickList).can_focus = False
        self.query_one("#rows-both").display = False
        start(self, "vote", self._next)

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Show the error of a call that failed."""
        toasts.show_worker_error(self.app, event)

    def on_resize(self, event: events.Resize) -> None:
        """Put the answers below each other where there is little room."""
        self.set_class(event.size.width < NARROW, "-stacked")

    async def _next(self) -> None:
        votes, subject = self._garden.votes, (self._project, self._adapter, self._against)
        self._pair = await call(partial(votes.next, *subject))
        tally = await call(partial(votes.tally, *subject))
        left = await call(partial(votes.left, *subject))
        self._draw(tally, left)

    async def _vote(self, pair: Pair, choice: Choice) -> None:
        vote = await call(partial(self._garden.votes.vote, self._project, pair.id, choice))
        self._last = revealed(vote)
        await self._next()

    def _draw(self, tally: VoteTally, left: int) -> None:
        rows = [styled((tally_words(tally), "$label"), (f"  {left} left", "$label"))]
        rows += [styled((self._last, "$accent"))] if self._last else []
        self.query_one("#vote-state", PlainText).show(Content("\n").join(rows))
        pair = self._pair
        question = question_text(pair) if pair else NONE_LEFT
        self.query_one("#vote-question", PlainText).show(styled(clean(question)))
        keys = keymap.of(self.app)
        for side, text in (
            ("left", pair.left_text if pair else ""), ("right", pair.right_text if pair else "")
        ):  # fmt: skip
            head = f"{keys.key(f'vote.{side}').shown}  {side}" if pair else ""
            self.query_one(f"#vote-head-{side}", PlainText).show(styled((head, "bold")))
            self.query_one(f"#vote-{side}", PlainText).show(styled(clean(text.strip("\n"))))
        self.query_one("#vote-pair", VerticalScroll).scroll_home(animate=False)

    @on(OptionList.OptionHighlighted)
    def _show(self) -> None:
        """Show the vote that is highlighted."""
        at = self.query_one("#rows-list", PickList).highlighted
        is_one = at is not None and at < len(self._votes)
        text = clean(vote_text(self._votes[at or 0])) if is_one else ""
        self.query_one("#rows-preview-text", PlainText).show(styled(text))

    async def _list(self) -> None:
        every = await call(partial(self._garden.votes.all, self._project))
        self._votes = [vote for vote in reversed(every) if vote.choice is not None]
        box = self.query_one("#rows-list", PickList)
        box.clear_options()
        box.add_options([styled(clean_line(vote_title(vote))) for vote in self._votes])
        box.highlighted = 0 if self._votes else None
        self._show()

    # Keys.

    def action_choose(self, choice: Choice) -> None:
        """Vote on the pair that is shown; the next one comes."""
        if self._pair is not None and self.query_one("#vote-pair").display:
            pair, self._pair = self._pair, None  # a second key in the meantime is no vote
            start(self, "vote", partial(self._vote, pair, choice), only=False)

    def action_turn(self) -> None:
        """Go to the votes that were given, or back to the pair."""
        shows_votes = not self.query_one("#rows-both").display
        self.query_one("#rows-both").display = shows_votes
        self.query_one("#vote-pair").display = not shows_votes
        if shows_votes:
            start(self, "votes", self._list)

    def action_step(self, by: int) -> None:
        """Go to another vote; a pair scrolls."""
        box = self.query_one("#rows-list", PickList)
        if not self.query_one("#rows-both").display:
            self.query_one("#vote-pair", VerticalScroll).scroll_relative(y=by, animate=False)
        elif box.option_count:
            box.highlighted = min(max((box.highlighted or 0) + by, 0), box.option_count - 1)

    def action_leave(self) -> None:
        """Go back; an open pair stays open."""
        self.dismiss(None)
