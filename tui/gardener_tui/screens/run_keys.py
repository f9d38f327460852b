"""What the keys do with runs."""

from textual import work

from gardener_core.store.garden.projects import Project
from gardener_tui import keymap, toasts
from gardener_tui.panes.background import call
from gardener_tui.screens.compare import Compare
from gardener_tui.screens.confirm import Confirm
from gardener_tui.screens.plan import Plan
from gardener_tui.screens.run_list import RunList
from gardener_tui.screens.run_log import RunLog
from gardener_tui.screens.undoing import Undoable, Undoing


class RunKeys(Undoing):
    """Starts, stops, chooses and reads runs."""

    def action_train(self) -> None:
        """Say what training the selected project will do; train where that is wanted."""
        if project := self.needed_project():

            def decided(wanted: bool | None) -> None:
                if wanted:
                    self.action_pane(2)
                    self.training.train(project)

            # Pushed at once: an enter that was typed ahead belongs to the plan.
            self.app.push_screen(Plan(self.garden, project), decided)

    def action_index(self) -> None:
        """Bring the selected project's index up to date."""
        if project := self.needed_project():
            self.action_pane(2)
            self._index(project)

    @work(exclusive=True, group="index", exit_on_error=False)
    async def _index(self, project: Project) -> None:
        """Start the run; where the files are suddenly gone, ask whether they are meant to be."""
        lost = await call(lambda: self.garden.index.emptied(project)) if project.chunks else ""
        if lost:
            follows = f"{lost} If it is a disk, mount it first."
            title = f"Empty the index of {project.name}?"
            if not await self.app.push_screen_wait(Confirm(title, follows, "Keep it", "Empty it")):
                return
        self.training.index(project, even_if_empty=bool(lost))

    def action_pause(self) -> None:
        """Pause the run shown, or let it go on."""
        self.training.pause_or_resume()

    @work(exclusive=True, group="stop", exit_on_error=False)
    async def action_stop(self) -> None:
        """Stop the run shown, if that is really wanted."""
        if not self.training.going_on:
            toasts.tell(self.app, "No run goes on here.", "warning")
        elif await self.app.push_screen_wait(
            Confirm("Stop this run?", self.training.what_a_stop_means, "Keep running", "Stop")
        ):
            self.training.stop()

    @work(exclusive=True, group="stop", exit_on_error=False)
    async def action_drop(self) -> None:
        """Stop the run shown and put it into the trash, if that is really wanted."""
        shown = self.training.shown
        if shown is None:
            toasts.tell(self.app, "There is no run here.", "warning")
            return
        run_id, title = shown.run.id, f"Drop this run ({shown.title})?"
        stops = "It is stopped. " if self.training.going_on else ""
        follows = f"{stops}Its curve, log and checkpoints go to the trash for seven days."
        if await self.app.push_screen_wait(Confirm(title, follows, "Keep it", "Drop")):
            await call(lambda: self.garden.runs.drop(run_id))
            self.training.forget(run_id)

            def undo() -> str:
                return self.garden.runs.restore(run_id).project

            self.did("The run is in the trash for 7 days.", Undoable("The run is back.", undo))
            self.look()

    @work(exclusive=True, group="list", exit_on_error=False)
    async def action_runs(self) -> None:
        """Choose a run of any project."""
        shown = self.training.shown
        at = shown.run.id if shown else ""
        chosen = await self.app.push_screen_wait(RunList(self.garden, self.overview, at))
        if chosen is not None:
            self.action_pane(2)
            self.training.choose(chosen)

    def action_log(self) -> None:
        """Show what the run told."""
        if shown := self.training.shown:
            progress = shown.progress
            told = progress.trouble.what if progress.trouble else ""
            self.app.push_screen(RunLog(shown.title, progress.notes, told))
        else:
            toasts.tell(self.app, "There is no run here.", "warning")

    def action_compare(self) -> None:
        """Compare the run shown with the marked one."""
        shown, marked = self.training.shown, self.training.marked
        if shown is None or marked is None or shown.run.id == marked.run.id:
            mark = keymap.of(self.app).key("run.mark").shown
            toasts.tell(self.app, f"{mark} marks a run; then go to another one.", "warning")
        else:
            self.app.push_screen(Compare(shown, marked))
