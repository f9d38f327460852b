"""Pane 2: a run as it goes."""

import time
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widget import Widget

from gardener_core.store.garden.projects import Project
from gardener_core.store.garden.runs import Run
from gardener_tui import keymap, toasts
from gardener_tui.garden import ScreenGarden
from gardener_tui.panes.overview import Overview
from gardener_tui.panes.pane import Pane
from gardener_tui.panes.training.choice import RunChoice
from gardener_tui.panes.training.curve_choice import CurveChoice
from gardener_tui.panes.training.facts import ShownRun, facts_text, legend
from gardener_tui.panes.training.follower import RunFollower
from gardener_tui.panes.training.requests import RunRequests, RunStarted
from gardener_tui.panes.training.view import RunView
from gardener_tui.widgets.charts.loss_chart import LossChart

PAINTS_A_SECOND = 4


class TrainingPane(Pane):
    """Shows the run that matters most, or the one that was chosen."""

    BINDINGS: ClassVar[list[BindingType]] = keymap.bindings("training")

    def __init__(self, garden: ScreenGarden) -> None:
        super().__init__(2, "Training", id="training")
        self.requests = RunRequests(garden, self)
        self._choice = RunChoice()
        self._curves = CurveChoice()
        self._follower = RunFollower(garden, self)
        self._machine = garden.machine

    def compose(self) -> ComposeResult:
        """The view fills the pane."""
        yield RunView(self._machine)

    def on_mount(self) -> None:
        """Paint at the clock's pace, not at the pace of the events."""
        self.set_interval(1 / PAINTS_A_SECOND, self._paint_if_stale)

    def on_resize(self) -> None:
        """Fit the header to the new width."""
        self._follower.stale = True

    @property
    def home(self) -> Widget:
        """The view of the run."""
        return self.query_one(RunView)

    @property
    def _chart(self) -> LossChart:
        return self.query_one("#loss-chart", LossChart)

    @property
    def shown(self) -> ShownRun | None:
        """The run that is shown, with its progress."""
        return self._follower.shown

    @property
    def marked(self) -> ShownRun | None:
        """The run that is drawn beside others."""
        return self._curves.marked

    @property
    def is_painted(self) -> bool:
        """Whether all that the run has reported so far is painted."""
        return self._follower.is_painted

    # Which run.

    def offer(self, project: Project | None, overview: Overview) -> None:
        """Show the run that matters most in this project, unless another one was chosen."""
        self._choice.offer(project, overview)
        run = self._choice.wanted
        if run is None:
            if not self._choice.started:
                self._show_no_run(project)
            return
        if not self._follower.follows(run):
            self._follow(run)
        self._draw_title()

    def choose(self, run_id: str) -> None:
        """Show this run, whichever project it belongs to, and stay with it."""
        run = self._choice.overview.run(run_id)
        if run is not None:
            self._choice.chosen = run.id
            self._follow(run)
            self._draw_title()

    def forget(self, run_id: str) -> None:
        """No longer show or mark a run that was dropped."""
        self._curves.forget(run_id)
        if self.shown is not None and self.shown.run.id == run_id:
            self._choice.forget()
            self._show_no_run(self._choice.project)

    def action_run(self, by: int) -> None:
        """Show an older run of the project, or a newer one."""
        if self._choice.project is None:
            return
        run = self._choice.beside(self.shown.run if self.shown else None, by)
        if run is None:
            text = "There is no older run." if by > 0 else "This is the newest run."
            toasts.show(self.app, text)
        else:
            self.choose(run.id)

    @on(RunStarted)
    def _started(self, event: RunStarted) -> None:
        event.stop()
        self._choice.started, self._choice.chosen = event.run.id, ""
        self._follow(event.run)
        self._draw_title()

    def _follow(self, run: Run) -> None:
        self._follower.follow(run, self._choice.overview)
        self._curves.reset()
        self._paint()

    # Keys: the run.

    def action_checkpoint(self) -> None:
        """Ask for a checkpoint."""
        self.requests.checkpoint(self.shown)

    def action_copy(self) -> None:
        """Copy the facts of the run."""
        if self.shown is None:
            train = keymap.of(self.app).key("run.train").shown
            toasts.show(self.app, f"There is no run here; {train} starts one.", "warning")
        else:
            toasts.copy(self.app, facts_text(self.shown), "The facts of the run are copied.")

    def action_facts(self) -> None:
        """Show the facts of the run and the machine instead of the chart, or the chart again."""
        self.query_one(RunView).toggle_class("-facts")

    def action_lines(self) -> None:
        """Show held-out lines as the model completed them, or the notes again."""
        self.query_one(RunView).show_lines()

    # Keys: the chart.

    def action_mark(self) -> None:
        """Draw the run that is shown beside others; the same run again takes the mark away."""
        shown = self.shown
        if shown is None or not shown.progress.curve:
            toasts.show(self.app, "There is no curve to mark here.", "warning")
            return
        marked = self._curves.switch_mark(shown)
        text = "marked: it is drawn beside other runs" if marked else "no longer marked"
        toasts.show(self.app, f"{shown.name} is {text}.")
        self._paint()

    def action_chart_kind(self) -> None:
        """Show the next curve: loss, held out, learning rate, gradient, speed, memory."""
        if self._curves.switch(self.shown):
            self._paint()
        else:
            toasts.show(self.app, "This run has one curve only.")

    def action_chart_log(self) -> None:
        """Draw the loss by its logarithm, or as it is."""
        self._chart.switch_log()

    def action_chart_smooth(self) -> None:
        """Smooth a little, much, not at all."""
        self._chart.switch_smoothing()

    def action_chart_zoom(self, factor: float) -> None:
        """Show fewer steps or more."""
        self._chart.zoom(factor)

    def action_chart_fit(self) -> None:
        """Show all steps."""
        self._chart.fit()

    def action_chart_move(self, columns: int) -> None:
        """Move the cross-hair."""
        self._chart.move(columns)

    # Drawing.

    @on(LossChart.ViewChanged)
    def _chart_changed(self, event: LossChart.ViewChanged) -> None:
        event.stop()
        self.query_one(RunView).move_together()
        self._draw_legend()

    def _show_no_run(self, project: Project | None) -> None:
        self._follower.stop()
        view = self.query_one(RunView)
        if project is None:
            view.draw_nothing("Runs are shown here.", "project.add", "adds a project")
        else:
            view.draw_nothing("No run yet.", "run.train", "trains an adapter")
        self.set_summary("")
        self.set_title("Training")

    def _paint_if_stale(self) -> None:
        shown, view = self.shown, self.query_one(RunView)
        # A silence gets longer without any event of the run, and the machine changes without one.
        silent = shown is not None and shown.progress.silent_since is not None
        if self._follower.stale or silent or view.is_outdated(time.monotonic()):
            self._paint()

    def _paint(self) -> None:
        self._follower.stale = False
        if self.shown is not None:
            name, other = self._curves.name(self.shown), self._curves.other(self.shown)
            self.query_one(RunView).draw(self.shown.progress, name, other, time.monotonic())
            self._draw_legend()

    def _draw_legend(self) -> None:
        shown = self.shown
        if shown is None or not shown.progress.curve:
            self.set_summary("")
            return
        name, other = self._curves.name(shown), self._curves.other(shown)
        self.set_summary(legend(shown, other, self._chart, name))

    def _draw_title(self) -> None:
        self._follower.rename(self._choice.overview)
        if self.shown is not None:
            self.set_title(f"Training · {self.shown.title}")
