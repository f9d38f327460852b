"""Keep the index of the selected project fresh."""

import asyncio
from collections.abc import Callable

from gardener_core.events.index import Refreshed, Stale, Watching
from gardener_core.events.run import Noted
from gardener_core.store.garden.projects import Project
from gardener_tui import toasts
from gardener_tui.panes.background import each
from gardener_tui.screens.workbench.host import Host
from gardener_tui.widgets.wording import counted

# A project that is only passed in the list is not watched.
REST_SECONDS = 1.0


class Freshness:
    """Watches the files of one project; where much has changed, the core indexes it.

    `refreshed` is called with the id of a project whose index has changed.
    """

    def __init__(self, host: Host, refreshed: Callable[[str], None]) -> None:
        self._host = host
        self._refreshed = refreshed
        self._watched = ""  # the id of the project

    def watch(self, project: Project | None) -> None:
        """Watch this project's files once it has an index, and no other project's."""
        if project is not None and project.id == self._watched:
            return
        if project is not None and project.state == "ready":
            self._watched = project.id
            self._host.start("fresh", lambda: self._watch(project))
        elif self._watched:
            self._watched = ""
            self._host.cancel("fresh")

    async def _watch(self, project: Project) -> None:
        await asyncio.sleep(REST_SECONDS)
        app = self._host.app
        async for event in each(lambda stop: self._host.garden.index.watch(project, stop)):
            match event:
                case Watching(polling=True, reason=reason):
                    text = f"{project.name}: its files are checked now and then, since {reason}."
                    toasts.show(app, text)
                case Noted(text=text):
                    toasts.show(app, f"{project.name}: {text}")
                case Stale(files=files):
                    text = f"{counted(files, 'file')} of {project.name} changed: indexing."
                    toasts.show(app, text)
                case Refreshed():
                    self._refreshed(project.id)
