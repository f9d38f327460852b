"""The screen with the four panes."""

import asyncio
from typing import TYPE_CHECKING

from textual import on, work
from textual._styles_cache import StylesCache
from textual.worker import Worker

from gardener_core.errors import GardenError
from gardener_core.events.index import Refreshed, Stale, Watching
from gardener_core.events.run import Noted
from gardener_core.store.garden.projects import Project
from gardener_tui import toasts
from gardener_tui.messages import HitsFound, ProjectOpened, ProjectSelected
from gardener_tui.panes.background import call, each
from gardener_tui.panes.chat.pane import ChatPane
from gardener_tui.panes.context.pane import ContextPane
from gardener_tui.panes.overview import Overview
from gardener_tui.panes.projects import ProjectsPane
from gardener_tui.screens.context_keys import ContextKeys
from gardener_tui.screens.project_keys import ProjectKeys
from gardener_tui.screens.run_keys import RunKeys
from gardener_tui.widgets.head import Head
from gardener_tui.widgets.wording import counted

if TYPE_CHECKING:
    from gardener_core.garden.door import Garden

LOOK_SECONDS = 1.0
# Who moves on through the list starts no watch.
STAYS_SECONDS = 1.0


class Workbench(ProjectKeys, RunKeys, ContextKeys):
    """Four panes on one garden; the selected project decides what three of them show."""

    def __init__(self, garden: "Garden") -> None:
        super().__init__(garden)
        self._selected = ""
        self._watched = ""

    def on_mount(self) -> None:
        """Begin at the projects, and look at the garden once a second."""
        self.arrive(1)
        self._select(None)
        self._watch()

    def on_screen_resume(self) -> None:
        """Let go of what a sheet has drawn.

        This cache of Textual's is keyed by the widgets' own caches, so that a thousand closed
        widgets would stay with every line they drew: fifty megabytes in an hour.
        """
        StylesCache.get_inner_outer.cache_clear()

    # What the garden tells.

    @work(exclusive=True, group="watch", exit_on_error=False)
    async def _watch(self) -> None:
        seen: int | None = None
        told = ""
        while True:
            try:
                now = await call(self.garden.changes)
                # The step of a live run stands in its folder, so the database does not tell.
                if now != seen or self.overview.live:
                    await self.look_and_show()
                    seen = now
                told = ""
            except GardenError as problem:
                if problem.what != told:
                    toasts.tell_error(self.app, problem)
                told = problem.what
            await asyncio.sleep(LOOK_SECONDS)

    def show(self, overview: Overview, select: str = "") -> None:
        """Show what the garden holds now, and what of it belongs to the selected project."""
        super().show(overview, select)
        self.welcome(not overview.projects and not overview.unlisted)
        self._select(self.project)

    def _select(self, project: Project | None) -> None:
        now = project.id if project else ""
        if now != self._selected:
            self.before, self._selected = self._selected, now
        self._keep_fresh(project)
        self.training.offer(project, self.overview)
        self.query_one(ChatPane).select(project)
        self.query_one(ContextPane).select(project)
        self.query_one(Head).show(
            project.name if project else "", project.adapter if project else "", self.overview.live
        )

    def _keep_fresh(self, project: Project | None) -> None:
        """Watch the selected project's files, once it has an index."""
        if project is not None and project.id == self._watched:
            return
        self.workers.cancel_group(self, "fresh")
        self._watched = ""
        if project is not None and project.state == "ready":
            self._watched = project.id
            self._watch_files(project)

    @work(exclusive=True, group="fresh", exit_on_error=False)
    async def _watch_files(self, project: Project) -> None:
        await asyncio.sleep(STAYS_SECONDS)
        async for event in each(lambda stop: self.garden.index.watch(project, stop)):
            match event:
                case Watching(polling=True, reason=reason):
                    toasts.tell(
                        self.app, f"{project.name}: its files are looked at now and then, since "
                        f"{reason}.",
                    )  # fmt: skip
                case Noted(text=text):
                    toasts.tell(self.app, f"{project.name}: {text}")
                case Stale(files=files):
                    await self._index_what_changed(project, files)
                case Refreshed():
                    self.query_one(ProjectsPane).look_again(project.id)
                case _:
                    pass

    async def _index_what_changed(self, project: Project, files: int) -> None:
        now = self.overview.project(project.id)
        if now is None or now.state != "ready":
            return  # it is being indexed, or the person stopped that
        await call(lambda: self.garden.runs.index(project))
        toasts.tell(self.app, f"{counted(files, 'file')} of {project.name} changed: indexing.")

    # What the panes tell.

    @on(ProjectSelected)
    def _project_selected(self, event: ProjectSelected) -> None:
        self._select(event.project)

    @on(ProjectOpened)
    def _project_opened(self, event: ProjectOpened) -> None:
        if event.project.state == "ready":
            self.action_pane(4)
        else:
            self.action_index()

    @on(HitsFound)
    def _hits_found(self, event: HitsFound) -> None:
        if self.project is not None and self.project.id == event.project.id:
            self.query_one(ContextPane).show_hits(event.found, question=event.question)

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Show the error of a call that failed."""
        toasts.tell_worker(self.app, event)

    # What the keys do with what was found and answered.

    def action_search(self) -> None:
        """Search the selected project's code."""
        if self.needed_project():
            context = self.query_one(ContextPane)
            self.go(context, context.search_line)

    def action_adapter(self) -> None:
        """Complete code with the adapter or without."""
        self.query_one(ChatPane).switch_adapter()

    def action_cancel(self) -> None:
        """Cancel the answer that is on its way."""
        self.query_one(ChatPane).cancel()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leave ctrl+c to the input line while there is nothing to cancel."""
        return action != "cancel" or self.query_one(ChatPane).answering
