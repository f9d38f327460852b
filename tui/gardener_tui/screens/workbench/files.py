"""What the keys do with files of the index."""

from gardener_core.search.indexing.files import ProjectFile
from gardener_core.store.garden.projects import Project
from gardener_tui import keymap, toasts
from gardener_tui.panes.background import call
from gardener_tui.panes.context.rows.files import decision
from gardener_tui.screens.sheets.confirm import Confirm
from gardener_tui.screens.workbench.host import Host


class FileActions:
    """Indexes files anyway, leaves them to the rules, reads them again."""

    def __init__(self, host: Host) -> None:
        self._host = host

    def decide(self) -> None:
        """Decide about the file that is selected, after a question."""
        self._host.start("decide", self._decide)

    async def _decide(self) -> None:
        host, file, project = self._host, self._host.context.file, self._host.project
        if file is None or project is None:
            key = keymap.of(host.app).key("context.files").shown
            toasts.show(host.app, f"Choose a file first: {key} shows them.", "warning")
        elif not file.remedy:
            toasts.show(host.app, f"It can never be indexed: {file.reason}.", "warning")
        else:
            asked = decision(file)
            sheet = Confirm(asked.title, asked.consequence, "Leave it", asked.yes)
            if await host.app.push_screen_wait(sheet):
                await call(lambda: self._apply(project, file))
                host.training.requests.index(project)

    def _apply(self, project: Project, file: ProjectFile) -> None:
        index = self._host.garden.index
        if file.remedy == "again":
            index.retry(project, [file.path])
        else:
            index.decide(project, [file.path], anyway=file.remedy == "anyway")
