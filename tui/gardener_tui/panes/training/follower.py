"""Read a run from its beginning, and follow it while it lives."""

import time
from collections.abc import Sequence
from dataclasses import replace

from textual.dom import DOMNode
from textual.worker import Worker

from gardener_core.events.sentences import sentence
from gardener_core.events.train import AlertRaised
from gardener_core.jobs.follow import Steps, TimedEvent
from gardener_core.store.garden.runs import Run
from gardener_tui import toasts
from gardener_tui.garden import ScreenGarden
from gardener_tui.panes.background import call, each, start
from gardener_tui.panes.overview import Overview
from gardener_tui.panes.training.facts import ShownRun
from gardener_tui.panes.training.progress import RunProgress


class RunFollower:
    """Reads the run that is shown; `stale` says that there is something new to paint."""

    def __init__(self, garden: ScreenGarden, node: DOMNode) -> None:
        self._garden = garden
        self._node = node
        self._worker: Worker[None] | None = None
        self._caught_up = True
        self.shown: ShownRun | None = None
        self.stale = False

    @property
    def is_painted(self) -> bool:
        """Whether all that the run has reported so far is painted."""
        return self._caught_up and not self.stale

    def follows(self, run: Run) -> bool:
        """Whether this run is shown, and still read where it is live."""
        reading = self._worker is not None and self._worker.is_running
        return self.shown is not None and self.shown.run.id == run.id and (reading or not run.live)

    def follow(self, run: Run, overview: Overview) -> None:
        """Read another run, or the same one again; that one stays as it was until it is read."""
        name, title = overview.name_of_run(run), overview.title_of_run(run)
        read = ShownRun(run, name, title, RunProgress(run.kind, run.state))
        if self.shown is None or self.shown.run.id != run.id:
            self.shown = read
        self._caught_up = False
        self._worker = start(self._node, "follow", lambda: self._read(read))

    def rename(self, overview: Overview) -> None:
        """Take the name of what the run makes, which is known once it is in the overview."""
        shown = self.shown
        run = overview.run(shown.run.id) if shown else None
        if shown is not None and run is not None and overview.title_of_run(run) != shown.title:
            name, title = overview.name_of_run(run), overview.title_of_run(run)
            self.shown = replace(shown, name=name, title=title)

    def stop(self) -> None:
        """Show no run."""
        self._node.workers.cancel_group(self._node, "follow")
        self.shown = self._worker = None

    async def _read(self, read: ShownRun) -> None:
        live, progress = False, read.progress
        async for batch in each(lambda stop: self._garden.runs.read(read.run.id, stop)):
            progress.add(batch, time.monotonic())
            if live:  # what came before the screen did is no news
                await self._call(batch)
            elif not batch:
                self._show(read)
            live = live or not batch
            self.stale = self.stale or bool(batch) or progress.state == "starting"
            self._caught_up = not batch
        self._show(read)
        self._caught_up = True

    def _show(self, read: ShownRun) -> None:
        """Show what was read again, once all of it is."""
        if self.shown is not None and self.shown.progress is not read.progress:
            self.shown, self.stale = read, True

    async def _call(self, batch: Sequence[TimedEvent | Steps]) -> None:
        """Tell of each alert that was raised meanwhile, and ring."""
        events = [item.event for item in batch if isinstance(item, TimedEvent)]
        alerts = [sentence(event) for event in events if isinstance(event, AlertRaised)]
        for text in alerts:
            toasts.show(self._node.app, f"{text}.", "warning")
        if alerts and (await call(self._garden.settings.current)).screen.call_back != "off":
            self._node.app.bell()
