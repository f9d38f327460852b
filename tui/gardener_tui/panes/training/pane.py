"""Pane 2: a run as it goes."""

import time
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widget import Widget
from textual.worker import Worker

from gardener_core.store.garden.projects import Project
from gardener_core.store.garden.runs import ENDED, Run
from gardener_tui import keymap, toasts
from gardener_tui.panes.background import call, each
from gardener_tui.panes.overview import Overview
from gardener_tui.panes.pane import Pane
from gardener_tui.panes.training.choice import RunChoice
from gardener_tui.panes.training.facts import ShownRun, facts_text, legend, what_a_stop_means
from gardener_tui.panes.training.progress import RunProgress
from gardener_tui.panes.training.view import RunView
from gardener_tui.widgets.loss_chart import LossChart

if TYPE_CHECKING:
    from gardener_core.garden.door import Garden

PAINTS_A_SECOND = 4
# From these states a run goes on; the key that pauses means resume.
RESUMABLE = frozenset({"paused", "stopped", "failed", "died"})


class TrainingPane(Pane):
    """Starts and follows runs; shows the one that matters most, or the one that was chosen."""

    BINDINGS: ClassVar[list[BindingType]] = keymap.bindings("training")

    def __init__(self, garden: "Garden") -> None:
        super().__init__(2, "Training", id="training")
        self._garden = garden
        self._choice = RunChoice()
        self._shown: ShownRun | None = None
        self._marked: ShownRun | None = None
        self._kind = ""  # the kind of steps whose curve was asked for; else the newest
        self._following: Worker[None] | None = None
        self._stale = False
        self._caught_up = True

    def compose(self) -> ComposeResult:
        """The view fills the pane."""
        yield RunView()

    def on_mount(self) -> None:
        """Draw at the clock's pace, not at the pace of the events."""
        self.set_interval(1 / PAINTS_A_SECOND, self._paint_if_stale)

    def on_resize(self) -> None:
        """Fit the header to the new width."""
        self._stale = True

    @property
    def home(self) -> Widget:
        """The view of the run."""
        return self.query_one(RunView)

    @property
    def shown(self) -> ShownRun | None:
        """The run that is shown, with what it has told."""
        return self._shown

    @property
    def marked(self) -> ShownRun | None:
        """The run that is drawn beside others."""
        return self._marked

    @property
    def settled(self) -> bool:
        """Whether all that the run has told so far is painted."""
        return self._caught_up and not self._stale

    @property
    def going_on(self) -> bool:
        """Whether the run that is shown can be stopped."""
        return self._shown is not None and self._shown.progress.state not in ENDED

    @property
    def what_a_stop_means(self) -> str:
        """The consequence, in plain words."""
        return what_a_stop_means(self._shown.progress if self._shown else None)

    # Which run.

    def offer(self, project: Project | None, overview: Overview) -> None:
        """Show the run that matters most in this project, unless another one was chosen."""
        self._choice.offer(project, overview)
        run = self._choice.wanted
        if run is None:
            if not self._choice.started:
                self._put_away(project)
            return
        following = self._following is not None and self._following.is_running
        if self._shown is None or self._shown.run.id != run.id or (run.live and not following):
            self.follow(run)
        self._tell_title()

    def choose(self, run_id: str) -> None:
        """Show this run, whichever project it belongs to, and stay with it."""
        run = self._choice.overview.run(run_id)
        if run is not None:
            self._choice.chosen = run.id
            self.follow(run)
            self._tell_title()

    def action_run(self, by: int) -> None:
        """Show an older run of the project, or a newer one."""
        if self._choice.project is None:
            return
        run = self._choice.beside(self._shown.run if self._shown else None, by)
        if run is None:
            toasts.tell(self.app, "There is no older run." if by > 0 else "This is the newest run.")
        else:
            self.choose(run.id)

    def follow(self, run: Run) -> None:
        """Show a run from its beginning, and go on while it lives."""
        overview, progress = self._choice.overview, RunProgress(run.kind, run.state)
        name, title = overview.name_of_run(run), overview.title_of_run(run)
        self._shown, self._kind = ShownRun(run, name, title, progress), ""
        self._caught_up = False
        self._following = self._read(run, progress)
        self._paint()

    @work(exclusive=True, group="follow", exit_on_error=False)
    async def _read(self, run: Run, progress: RunProgress) -> None:
        async for batch in each(lambda stop: self._garden.runs.read(run.id, stop)):
            progress.add(batch, time.monotonic())
            self._stale = self._stale or bool(batch) or progress.state == "starting"
            self._caught_up = not batch
        self._caught_up = True

    # What the keys want of a run.

    def train(self, project: Project) -> None:
        """Train an adapter on a project."""
        self._begin(lambda: self._garden.runs.train(project))

    def index(self, project: Project, *, even_if_empty: bool = False) -> None:
        """Bring a project's index up to date."""
        self._begin(lambda: self._garden.runs.index(project, even_if_empty=even_if_empty))

    def survey_and_index(self, project: Project) -> None:
        """Count a new project's files, then index them; the index run shows itself."""
        self._begin(lambda: self._garden.runs.survey(project, then_index=True))

    def pause_or_resume(self) -> None:
        """Pause the run, or let it go on."""
        if self._shown is None:
            self._say_none()
            return
        run_id, state = self._shown.run.id, self._shown.progress.state
        if state == "finished":
            toasts.tell(
                self.app, f"This run has finished; {self._key('run.train')} starts another."
            )
        elif state in RESUMABLE:
            self._begin(lambda: self._garden.runs.resume(run_id))
        else:
            self._ask_run(lambda: self._garden.runs.pause(run_id), "Asked to pause.")

    def stop(self) -> None:
        """Ask the run to stop."""
        if self._shown is not None:
            run_id = self._shown.run.id
            self._ask_run(lambda: self._garden.runs.stop(run_id), "Asked to stop.")

    def forget(self, run_id: str) -> None:
        """No longer show or mark a run that was dropped."""
        if self._marked is not None and self._marked.run.id == run_id:
            self._marked = None
        if self._shown is not None and self._shown.run.id == run_id:
            self._choice.forget()
            self._put_away(self._choice.project)

    def action_checkpoint(self) -> None:
        """Ask for a checkpoint."""
        if self._shown is None or not self.going_on:
            self._say_none()
            return
        run_id = self._shown.run.id
        self._ask_run(lambda: self._garden.runs.checkpoint(run_id), "Asked for a checkpoint.")

    @work(exclusive=True, group="begin", exit_on_error=False)
    async def _begin(self, begin: Callable[[], Run]) -> None:
        run = await call(begin)
        self._choice.started, self._choice.chosen = run.id, ""
        self.follow(run)
        self._tell_title()

    @work(group="wish", exit_on_error=False)
    async def _ask_run(self, wish: Callable[[], None], told: str) -> None:
        await call(wish)
        toasts.tell(self.app, told)

    def action_copy(self) -> None:
        """Copy the facts of the run."""
        if self._shown is None:
            self._say_none()
        else:
            toasts.copy(self.app, facts_text(self._shown), "The facts of the run are copied.")

    # What the keys want of the chart.

    def action_mark(self) -> None:
        """Draw the run that is shown beside others; the same run again takes the mark away."""
        if self._shown is None or not self._shown.progress.curve:
            toasts.tell(self.app, "There is no curve to mark here.", "warning")
            return
        again = self._marked is not None and self._marked.run.id == self._shown.run.id
        self._marked = None if again else self._shown
        told = "no longer marked" if again else "marked: it is drawn beside other runs"
        toasts.tell(self.app, f"{self._shown.name} is {told}.")
        self._paint()

    def action_chart_kind(self) -> None:
        """Show the curve of the base's growing, or of the training again."""
        kinds = self._shown.progress.kinds if self._shown else []
        if len(kinds) < 2:
            toasts.tell(self.app, "This run has one curve only.")
            return
        at = kinds.index(self._curve_kind)
        self._kind = kinds[(at + 1) % len(kinds)]
        self._paint()

    def action_chart_log(self) -> None:
        """Draw the loss by its logarithm, or as it is."""
        self.query_one(LossChart).switch_log()

    def action_chart_smooth(self) -> None:
        """Smooth a little, much, not at all."""
        self.query_one(LossChart).switch_smoothing()

    def action_chart_zoom(self, factor: float) -> None:
        """Show fewer steps or more."""
        self.query_one(LossChart).zoom(factor)

    def action_chart_fit(self) -> None:
        """Show all steps."""
        self.query_one(LossChart).fit()

    def action_chart_move(self, columns: int) -> None:
        """Move the cross-hair."""
        self.query_one(LossChart).move(columns)

    # Drawing.

    @on(LossChart.Looked)
    def _looked(self, event: LossChart.Looked) -> None:
        event.stop()
        self._tell_legend()

    def _put_away(self, project: Project | None) -> None:
        self.workers.cancel_group(self, "follow")
        self._shown = self._following = None
        view = self.query_one(RunView)
        if project is None:
            view.draw_nothing("Runs are shown here.", "project.add", "adds a project")
        else:
            view.draw_nothing("No run yet.", "run.train", "trains an adapter")
        self.news("")
        self.title("Training")

    def _paint_if_stale(self) -> None:
        # Silence grows without a word of the run.
        if self._stale or (self._shown and self._shown.progress.silent_since is not None):
            self._paint()

    def _paint(self) -> None:
        self._stale = False
        if self._shown is not None:
            progress, now = self._shown.progress, time.monotonic()
            self.query_one(RunView).draw(progress, self._curve_kind, self._other(), now)
            self._tell_legend()

    @property
    def _curve_kind(self) -> str:
        """The kind of steps whose curve is shown."""
        return self._kind or (self._shown.progress.newest if self._shown else "")

    def _other(self) -> ShownRun | None:
        marked, shown = self._marked, self._shown
        return None if marked is None or shown is None or marked.run.id == shown.run.id else marked

    def _tell_legend(self) -> None:
        shown = self._shown
        chart = self.query_one(LossChart)
        told = shown is not None and bool(shown.progress.curve)
        kind = self._curve_kind
        self.news(legend(shown, self._other(), chart, kind) if shown and told else "")

    def _tell_title(self) -> None:
        if self._shown is None:
            return
        # What a run makes is known once it is in the overview.
        overview, shown = self._choice.overview, self._shown
        run = overview.run(shown.run.id)
        if run is not None and overview.title_of_run(run) != shown.title:
            name, title = overview.name_of_run(run), overview.title_of_run(run)
            self._shown = replace(shown, name=name, title=title)
        self.title(f"Training · {self._shown.title}")

    def _say_none(self) -> None:
        text = f"There is no run here; {self._key('run.train')} starts one."
        toasts.tell(self.app, text, "warning")

    def _key(self, key_id: str) -> str:
        return keymap.of(self.app).key(key_id).shown
