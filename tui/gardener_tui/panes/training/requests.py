"""Start runs, and ask live ones to pause, stop or write a checkpoint."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import assert_never

from textual.message import Message
from textual.widget import Widget

from gardener_core.settings.presets import Preset
from gardener_core.store.garden.projects import Project
from gardener_core.store.garden.runs import Run
from gardener_tui import keymap, toasts
from gardener_tui.garden import ScreenGarden
from gardener_tui.panes.background import call, start
from gardener_tui.panes.training.facts import ShownRun


@dataclass
class RunStarted(Message):
    """A run was started or resumed here."""

    run: Run


class RunRequests:
    """Sends requests to the core for a pane, which learns of new runs by `RunStarted`."""

    def __init__(self, garden: ScreenGarden, pane: Widget) -> None:
        self._garden = garden
        self._pane = pane

    def train(self, project: Project, base: str | None, preset: Preset | None) -> None:
        """Train an adapter on a project, as its plan showed it."""
        self._start(lambda: self._garden.runs.train(project, base=base, preset=preset, fit=True))

    def update(self, project: Project) -> None:
        """Go on from the active adapter of a project, as its plan showed it."""
        self._start(lambda: self._garden.retraining.update(project))

    def index(self, project: Project, *, even_if_empty: bool = False) -> None:
        """Bring a project's index up to date."""
        self._start(lambda: self._garden.runs.index(project, even_if_empty=even_if_empty))

    def survey_and_index(self, project: Project) -> None:
        """Count a new project's files, then index them; the index run is shown by itself."""
        self._start(lambda: self._garden.runs.survey(project, then_index=True))

    def pause_or_resume(self, shown: ShownRun | None) -> None:
        """Pause a run that works or waits, resume one that was paused or ended early."""
        if shown is None:
            self._show_no_run()
            return
        run_id = shown.run.id
        match shown.progress.state:
            case "finished":
                train = keymap.of(self._pane.app).key("run.train").shown
                toasts.show(self._pane.app, f"This run has finished; {train} starts another.")
            case "paused" | "stopped" | "failed" | "died":
                self._start(lambda: self._garden.runs.resume(run_id))
            case "queued" | "starting" | "running":
                self._ask(lambda: self._garden.runs.pause(run_id), "Asked to pause.")
            case _ as never:
                assert_never(never)

    def stop(self, shown: ShownRun) -> None:
        """Ask a run to stop."""
        run_id = shown.run.id
        self._ask(lambda: self._garden.runs.stop(run_id), "Asked to stop.")

    def keep(self, shown: ShownRun) -> None:
        """Stop a training run, and make an adapter of what it has learned so far."""
        run_id = shown.run.id
        self._start(lambda: self._garden.runs.keep(run_id))

    def checkpoint(self, shown: ShownRun | None) -> None:
        """Ask a live run to write a checkpoint."""
        if shown is None or not shown.progress.live:
            self._show_no_run()
            return
        run_id = shown.run.id
        self._ask(lambda: self._garden.runs.checkpoint(run_id), "Asked for a checkpoint.")

    def _start(self, begin: Callable[[], Run]) -> None:
        async def work() -> None:
            self._pane.post_message(RunStarted(await call(begin)))

        start(self._pane, "start", work)

    def _ask(self, ask: Callable[[], None], message: str) -> None:
        async def work() -> None:
            await call(ask)
            toasts.show(self._pane.app, message)

        start(self._pane, "ask", work, only=False)

    def _show_no_run(self) -> None:
        train = keymap.of(self._pane.app).key("run.train").shown
        toasts.show(self._pane.app, f"There is no run here; {train} starts one.", "warning")
