"""Pane 2: a run as it goes."""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widget import Widget
from textual.worker import Worker

from gardener_core.keeping.projects import Project
from gardener_core.keeping.runs import ENDED, Run
from gardener_tui import keymap, toasts
from gardener_tui.panes.background import call, each
from gardener_tui.panes.pane import Pane
from gardener_tui.panes.training.progress import Progress
from gardener_tui.panes.training.view import RunView
from gardener_tui.widgets.wording import count

if TYPE_CHECKING:
    from gardener_core.garden.door import Garden

PAINTS_A_SECOND = 4
# From these states a run goes on; `p` means resume.
RESUMABLE = frozenset({"paused", "stopped", "failed", "died"})
NO_RUN = "There is no run here; t starts one."


class TrainingPane(Pane):
    """Starts and follows runs of the selected project, and shows the newest."""

    BINDINGS: ClassVar[list[BindingType]] = keymap.bindings("training")

    def __init__(self, garden: "Garden") -> None:
        super().__init__(2, "Training", id="training")
        self._garden = garden
        self._run: Run | None = None
        self._progress: Progress | None = None
        self._following: Worker[None] | None = None
        self._stale = False

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
    def progress(self) -> Progress | None:
        """What the run that is shown has told."""
        return self._progress

    @property
    def going_on(self) -> bool:
        """Whether the run that is shown can be stopped."""
        return self._progress is not None and self._progress.state not in ENDED

    # Following.

    def offer(self, project: Project | None, run: Run | None) -> None:
        """Show this run, unless it is shown already and nothing began since."""
        if run is None:
            self._put_away(project)
            return
        same = self._run is not None and self._run.id == run.id
        following = self._following is not None and self._following.is_running
        if not same or (run.live and not following):
            self.follow(run)

    def follow(self, run: Run) -> None:
        """Show a run from its beginning, and go on while it lives."""
        self._run = run
        self._progress = Progress(run.kind, run.state)
        self._following = self._read(run, self._progress)
        self._paint()

    @work(exclusive=True, group="follow", exit_on_error=False)
    async def _read(self, run: Run, progress: Progress) -> None:
        async for batch in each(lambda stop: self._garden.runs.follow(run.id, stop)):
            progress.add(batch, time.monotonic())
            self._stale = self._stale or bool(batch) or progress.state == "starting"

    # What the keys want.

    def train(self, project: Project) -> None:
        """Train an adapter on a project."""
        self._begin(lambda: self._garden.runs.train(project))

    def index(self, project: Project) -> None:
        """Bring a project's index up to date."""
        self._begin(lambda: self._garden.runs.index(project))

    def pause_or_resume(self) -> None:
        """Pause the run at its next step, or let it go on."""
        run, progress = self._run, self._progress
        if run is None or progress is None:
            toasts.tell(self.app, NO_RUN, "warning")
        elif progress.state == "finished":
            toasts.tell(self.app, "This run has finished; t starts another.", "warning")
        elif progress.state in RESUMABLE:
            self._begin(lambda: self._garden.runs.resume(run.id))
        else:
            self._ask_run(lambda: self._garden.runs.pause(run.id), "Pauses at the next step.")

    def stop(self) -> None:
        """Stop the run at its next step."""
        if (run := self._run) is not None:
            self._ask_run(lambda: self._garden.runs.stop(run.id), "Stops at the next step.")

    def action_checkpoint(self) -> None:
        """Write a checkpoint at the next step."""
        if (run := self._run) is not None and self.going_on:
            self._ask_run(
                lambda: self._garden.runs.checkpoint(run.id), "A checkpoint at the next step."
            )
        else:
            toasts.tell(self.app, NO_RUN, "warning")

    def what_a_stop_means(self) -> str:
        """The consequence, in plain words."""
        progress = self._progress
        if progress is None or not progress.steps:
            return "Nothing is lost: p starts it again."
        at = f"It is at step {count(progress.step)} of {count(progress.steps)}.\n"
        if progress.checkpoint is None:
            return f"{at}There is no checkpoint yet, so p would begin again."
        return f"{at}The last checkpoint is at step {count(progress.checkpoint)}; p goes on there."

    @work(exclusive=True, group="begin", exit_on_error=False)
    async def _begin(self, begin: Callable[[], Run]) -> None:
        self.follow(await call(begin))

    @work(group="wish", exit_on_error=False)
    async def _ask_run(self, wish: Callable[[], None], told: str) -> None:
        await call(wish)
        toasts.tell(self.app, told)

    # Drawing.

    def _put_away(self, project: Project | None) -> None:
        self.workers.cancel_group(self, "follow")
        self._run = self._progress = self._following = None
        sentence, key, does = "No run yet.", "t", "trains an adapter"
        if project is None:
            sentence, key, does = "Runs are shown here.", "n", "adds a project"
        self.query_one(RunView).draw_nothing(sentence, key, does)
        self.news("")

    def _paint_if_stale(self) -> None:
        if self._stale:
            self._paint()

    def _paint(self) -> None:
        self._stale = False
        if (progress := self._progress) is not None:
            self.query_one(RunView).draw(progress)
            self.news("loss in nats a token   ⣿ each step   ━ smoothed" if progress.curve else "")
