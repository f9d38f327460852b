"""Show two adapters or runs beside each other."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import ClassVar, Literal, get_args

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container, Vertical, VerticalScroll
from textual.content import Content
from textual.worker import Worker

from gardener_core.garden.evaluation.comparing import Comparison, Side
from gardener_core.garden.evaluation.side_facts import facts_of
from gardener_core.store.garden.adapters import Adapter
from gardener_core.store.garden.projects import Project
from gardener_core.store.garden.runs import Run
from gardener_core.system.terminal_text import clean_line
from gardener_tui import keymap, toasts
from gardener_tui.garden import ScreenGarden
from gardener_tui.panes.background import call, start
from gardener_tui.panes.training.facts import ShownRun, facts
from gardener_tui.panes.training.progress import RunProgress
from gardener_tui.screens.beside.pages import Row, facts_page, figures_page, samples_page
from gardener_tui.screens.sheet import Sheet
from gardener_tui.screens.voting.screen import VoteScreen
from gardener_tui.widgets.charts.loss_chart import LossChart
from gardener_tui.widgets.footer import Hints
from gardener_tui.widgets.plain_text import PlainText, styled

Page = Literal["figures", "facts", "curves", "samples"]
PAGES: tuple[Page, ...] = get_args(Page)
# From this size on all pages are shown together.
WIDE, HIGH = 150, 40
Pick = Adapter | Run


@dataclass(frozen=True, slots=True)
class Beside:
    """Two of them, with the progress of their runs as it was when they were read."""

    comparison: Comparison
    runs: tuple[ShownRun | None, ShownRun | None]

    @property
    def names(self) -> tuple[str, str]:
        """What the two are called."""
        return self.comparison.first.name, self.comparison.second.name


class BesideScreen(Sheet[None]):
    """Figures, facts, curves and samples of two adapters or runs."""

    BINDINGS: ClassVar[list[BindingType]] = keymap.bindings("beside")

    def __init__(
        self,
        garden: ScreenGarden,
        project: Project | None,
        adapters: Sequence[Adapter],
        first: Pick,
        second: Pick,
    ) -> None:
        """`adapters` are those of the project, newest first, to go through."""
        super().__init__()
        self._project = project
        self._garden = garden
        self._adapters = tuple(adapters)
        self._picks = [first, second]
        self._shown: Beside | None = None
        self._page: Page = "figures"

    def compose(self) -> ComposeResult:
        """Four pages, of which a small terminal shows one."""
        with Vertical(classes="sheet-box -whole") as box:
            box.border_title = Content("Side by side")
            yield PlainText(id="rows-state")
            with Container(id="beside"):
                for page in PAGES:
                    if page == "curves":
                        with Vertical(id="beside-curves", classes="beside-page"):
                            yield PlainText(id="beside-curves-text")
                            yield LossChart(id="beside-chart")
                        continue
                    with VerticalScroll(
                        id=f"beside-{page}", classes="beside-page", can_focus=False
                    ):
                        yield PlainText(id=f"beside-{page}-text")
        yield Hints("beside")

    def on_mount(self) -> None:
        """Read both."""
        for page in PAGES:
            self.query_one(f"#beside-{page}").border_title = page
        self._turn("figures")
        self._read()

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Show the error of a call that failed."""
        toasts.show_worker_error(self.app, event)

    def on_resize(self, event: events.Resize) -> None:
        """Show all pages where there is room."""
        self.set_class(event.size.width >= WIDE and event.size.height >= HIGH, "-together")
        self.call_after_refresh(self._draw)

    def _read(self) -> None:
        start(self, "beside", self._compare)

    async def _compare(self) -> None:
        self._say("Reading both …")
        self._shown = await call(partial(self._beside, *self._picks))
        self._draw()

    def _beside(self, first: Pick, second: Pick) -> Beside:
        sides = self._side(first), self._side(second)
        found = self._garden.comparing.of(*sides)
        return Beside(found, (self._progress(sides[0]), self._progress(sides[1])))

    def _side(self, pick: Pick) -> Side:
        comparing = self._garden.comparing
        return comparing.of_run(pick) if isinstance(pick, Run) else comparing.of_adapter(pick)

    def _progress(self, side: Side) -> ShownRun | None:
        """The run of an adapter as far as it has come."""
        if side.run is None:
            return None
        progress = RunProgress(side.run.kind, side.run.state)
        for batch in self._garden.runs.read(side.run.id):
            if not batch:  # a live run has told no more yet
                break
            progress.add(batch, 0.0)
        return ShownRun(side.run, side.name, side.name, progress)

    # Drawing.

    def _say(self, text: str) -> None:
        self.query_one("#rows-state", PlainText).show(styled((text, "$label")))

    def _draw(self) -> None:
        shown = self._shown
        if shown is None:
            return
        first, second = map(clean_line, shown.names)
        self._say("  ".join(f"[{page}]" if page == self._page else page for page in PAGES))
        self.query_one(Vertical).border_title = Content(f"{first} beside {second}")
        for page, text in (
            ("figures", figures_page(shown.comparison, self._width("figures"))),
            ("facts", facts_page(_rows(shown), first, second, self._width("facts"))),
            ("samples", samples_page(shown.comparison.samples, first, second)),
        ):
            self.query_one(f"#beside-{page}-text", PlainText).show(text)
        self._draw_curves(shown)

    def _draw_curves(self, shown: Beside) -> None:
        one, other = (run.progress.curve if run else None for run in shown.runs)
        head = self.query_one("#beside-curves-text", PlainText)
        chart = self.query_one("#beside-chart", LossChart)
        chart.display = bool(one or other)
        if not chart.display:
            head.show(styled(("Neither run has a curve that is still kept.", "$label")))
            return
        first, second = map(clean_line, shown.names)
        head.show(styled(("loss  ", "$label"), ("━ ", "$series"), first if one else "",
                         ("  ━ ", "$series-other"), second if other else ""))  # fmt: skip
        if one:
            chart.show(one, other)
        elif other:
            chart.show(other)

    def _width(self, page: Page) -> int:
        return self.query_one(f"#beside-{page}").content_size.width or self.size.width - 4

    def _turn(self, page: Page) -> None:
        self._page = page
        for each in PAGES:
            self.query_one(f"#beside-{each}").set_class(each == page, "-shown")
        self.call_after_refresh(self._draw)

    # Keys.

    def action_turn(self, by: int) -> None:
        """Go to the next page, or the one before."""
        self._turn(PAGES[(PAGES.index(self._page) + by) % len(PAGES)])

    def action_scroll(self, by: int, lines: bool = False) -> None:
        """Scroll the page by a line or by half of it."""
        page = self.query_one(f"#beside-{self._page}")
        page.scroll_relative(y=by * (1 if lines else max(1, page.size.height // 2)), animate=False)

    def action_choose(self, which: int, by: int) -> None:
        """Take another adapter of the project as the first or the second."""
        now = self._picks[which]
        at = self._adapters.index(now) if now in self._adapters else -1
        if not self._adapters:
            return
        self._picks[which] = self._adapters[min(max(at + by, 0), len(self._adapters) - 1)]
        self._read()

    def action_swap(self) -> None:
        """Let the two change places."""
        self._picks.reverse()
        self._read()

    def action_vote(self) -> None:
        """Vote blind between the two."""
        shown = self._shown.comparison if self._shown else None
        if shown is None or self._project is None:
            return
        first, second = shown.first.adapter, shown.second.adapter
        if shown.unmeasured or first is None or second is None:
            toasts.show(self.app, "Both must be measured to be voted on.", "warning")
        elif first == second:
            toasts.show(self.app, "Choose two adapters to vote between.", "warning")
        else:
            self.app.push_screen(VoteScreen(self._garden, self._project, first, second))

    def action_leave(self) -> None:
        """Go back."""
        self.dismiss(None)


def _rows(shown: Beside) -> list[Row]:
    """What is known of both, and how their runs went."""
    sides = shown.comparison.first, shown.comparison.second
    one, other = (facts_of(side) for side in sides)
    rows = [(name, left, right) for (name, left), (_, right) in zip(one, other, strict=True)]
    told = [dict(facts(run)) if run else {} for run in shown.runs]
    names = list(dict.fromkeys(name for each in told for name in each))
    known = {name for name, _, _ in rows}
    return [*rows, *((name, told[0].get(name, "-"), told[1].get(name, "-")) for name in names
                     if name not in known)]  # fmt: skip
