"""What the keys do with files of the index."""

from textual import work

from gardener_core.search.indexing.files import ProjectFile
from gardener_core.store.garden.projects import Project
from gardener_tui import keymap, toasts
from gardener_tui.panes.background import call
from gardener_tui.panes.context.files import what_follows
from gardener_tui.panes.context.pane import ContextPane
from gardener_tui.screens.confirm import Confirm
from gardener_tui.screens.frame import GardenScreen


class ContextKeys(GardenScreen):
    """Lets files in, leaves them out, reads them again."""

    @work(exclusive=True, group="decide", exit_on_error=False)
    async def action_decide(self) -> None:
        """Read a file again, or anyway, or by the rules; what follows is shown first."""
        file, project = self.query_one(ContextPane).file, self.project
        if file is None or project is None:
            key = keymap.of(self.app).key("context.files").shown
            toasts.tell(self.app, f"Choose a file first: {key} shows them.", "warning")
        elif not file.remedy:
            toasts.tell(self.app, f"Nothing lets it in: {file.reason}.", "warning")
        else:
            title, follows, yes = what_follows(file)
            if await self.app.push_screen_wait(Confirm(title, follows, "Leave it", yes)):
                await call(lambda: self._decide(project, file))
                self.training.index(project)

    def _decide(self, project: Project, file: ProjectFile) -> None:
        index = self.garden.index
        if file.remedy == "again":
            index.retry(project, [file.path])
        else:
            index.decide(project, [file.path], anyway=file.remedy == "anyway")
