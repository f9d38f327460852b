"""Let a training start by itself where that is wanted."""

import time
from functools import partial

from gardener_core.store.garden.projects import Project
from gardener_tui import toasts
from gardener_tui.panes.background import call
from gardener_tui.panes.overview import Overview
from gardener_tui.screens.workbench.host import Host

LOOK_SECONDS = 600.0


class ByItself:
    """Asks what is due after an index run, and now and then; the core decides and says why."""

    def __init__(self, host: Host) -> None:
        self._host = host
        self._looked_at = time.monotonic()

    def compare(self, before: Overview, after: Overview) -> None:
        """Ask for each project whose index was just brought up to date."""
        live = {run.id for run in before.runs if run.live}
        ended = [run for run in after.runs if run.id in live and run.kind == "index"]
        indexed = [after.project(run.project) for run in ended if run.state == "finished"]
        self._begin([project for project in indexed if project is not None])

    def look(self, now: float) -> None:
        """Ask for every project, every ten minutes."""
        if now - self._looked_at >= LOOK_SECONDS:
            self._looked_at = now
            self._begin(list(self._host.overview.projects))

    def _begin(self, projects: list[Project]) -> None:
        if projects:
            self._host.start("by itself", lambda: self._ask(projects))

    async def _ask(self, projects: list[Project]) -> None:
        garden = self._host.garden
        for project in projects:
            decision, run_id = await call(partial(garden.retraining.by_itself, project))
            if run_id:
                text = f"Training {project.name} by itself: {decision.why}."
                toasts.show(self._host.app, text)
                self._host.reload()
                return
