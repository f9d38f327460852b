"""What the keys do with runs."""

from gardener_core.store.garden.projects import Project
from gardener_tui import keymap, toasts
from gardener_tui.panes.background import call
from gardener_tui.panes.training.facts import what_a_stop_means
from gardener_tui.screens.beside.screen import BesideScreen
from gardener_tui.screens.pickers.run_list import RunList
from gardener_tui.screens.rows.screen import RowsScreen
from gardener_tui.screens.sheets.confirm import Confirm
from gardener_tui.screens.sheets.plan import Plan, TrainChoice
from gardener_tui.screens.sheets.run_log import RunLog
from gardener_tui.screens.workbench.host import Host
from gardener_tui.screens.workbench.undo import Undoable, UndoStack

TRAINING = 2  # the number of the pane


class RunActions:
    """Starts, stops, drops, chooses and compares runs."""

    def __init__(self, host: Host, undo: UndoStack) -> None:
        self._host = host
        self._undo = undo

    def train(self) -> None:
        """Show the plan of a training, and train where that is wanted."""
        host = self._host
        if project := host.needed_project():

            def decided(choice: TrainChoice | None) -> None:
                if choice is not None:
                    host.go_to_pane(TRAINING)
                    if choice.update:
                        host.training.requests.update(project)
                    else:
                        host.training.requests.train(project, choice.base, choice.preset)

            # Pushed at once: an enter that was typed ahead belongs to the plan.
            host.app.push_screen(Plan(host.garden, project), decided)

    def index(self) -> None:
        """Bring the selected project's index up to date."""
        if project := self._host.needed_project():
            self._host.go_to_pane(TRAINING)
            self._host.start("index", lambda: self._index(project))

    async def _index(self, project: Project) -> None:
        """Start the run; where the files are suddenly gone, ask first."""
        host = self._host
        lost = await call(lambda: host.garden.index.emptied(project)) if project.chunks else ""
        if lost:
            consequence = f"{lost} If it is a disk, mount it first."
            title = f"Empty the index of {project.name}?"
            sheet = Confirm(title, consequence, "Keep it", "Empty it")
            if not await host.app.push_screen_wait(sheet):
                return
        host.training.requests.index(project, even_if_empty=bool(lost))

    def pause(self) -> None:
        """Pause the run that is shown, or resume it."""
        self._host.training.requests.pause_or_resume(self._host.training.shown)

    def stop(self) -> None:
        """Stop the run that is shown, after a question."""
        self._host.start("stop", self._stop)

    async def _stop(self) -> None:
        host, shown = self._host, self._host.training.shown
        if shown is None or not shown.progress.live:
            toasts.show(host.app, "No live run is shown here.", "warning")
            return
        consequence = what_a_stop_means(shown.progress)
        sheet = Confirm("Stop this run?", consequence, "Keep running", "Stop")
        if await host.app.push_screen_wait(sheet):
            host.training.requests.stop(shown)

    def drop(self) -> None:
        """Stop the run that is shown and move it to the trash, after a question."""
        self._host.start("stop", self._drop)

    async def _drop(self) -> None:
        host, shown = self._host, self._host.training.shown
        if shown is None:
            toasts.show(host.app, "There is no run here.", "warning")
            return
        run_id = shown.run.id
        stops = "It is stopped. " if shown.progress.live else ""
        consequence = f"{stops}Its curve, log and checkpoints go to the trash for seven days."
        sheet = Confirm(f"Drop this run ({shown.title})?", consequence, "Keep it", "Drop")
        if not await host.app.push_screen_wait(sheet):
            return
        await call(lambda: host.garden.runs.drop(run_id))
        host.training.forget(run_id)

        def undo() -> str:
            return host.garden.runs.restore(run_id).project

        message = "The run is in the trash for 7 days."
        self._undo.add(message, Undoable("The run is back.", undo))
        host.reload()

    def choose(self) -> None:
        """Choose a run of any project."""
        self._host.start("list", self._choose)

    async def _choose(self) -> None:
        host, shown = self._host, self._host.training.shown
        at = shown.run.id if shown else ""
        chosen = await host.app.push_screen_wait(RunList(host.garden, host.overview, at))
        if chosen is not None:
            host.go_to_pane(TRAINING)
            host.training.choose(chosen)

    def show_log(self) -> None:
        """Show the log of the run that is shown."""
        if shown := self._host.training.shown:
            progress = shown.progress
            trouble = progress.trouble.what if progress.trouble else ""
            self._host.app.push_screen(RunLog(shown.title, progress.notes, trouble))
        else:
            toasts.show(self._host.app, "There is no run here.", "warning")

    def show_rows(self) -> None:
        """Show the rows that the selected project gives."""
        if project := self._host.needed_project():
            self._host.app.push_screen(RowsScreen(self._host.garden, project))

    def compare(self) -> None:
        """Compare the run that is shown with the marked one."""
        host, shown, marked = self._host, self._host.training.shown, self._host.training.marked
        if shown is None or marked is None or shown.run.id == marked.run.id:
            mark = keymap.of(host.app).key("run.mark").shown
            toasts.show(host.app, f"{mark} marks a run; then go to another one.", "warning")
        else:
            project = host.overview.project(shown.run.project)
            adapters = host.overview.adapters_of(project) if project else ()
            host.app.push_screen(
                BesideScreen(host.garden, project, adapters, marked.run, shown.run)
            )
