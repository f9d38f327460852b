"""Read the garden when it has changed."""

import asyncio
import time

from gardener_core.errors import GardenError
from gardener_tui import toasts
from gardener_tui.panes.background import call
from gardener_tui.panes.overview import Overview
from gardener_tui.screens.workbench.attention import Attention
from gardener_tui.screens.workbench.host import Host
from gardener_tui.screens.workbench.updates.by_itself import ByItself

LOOK_SECONDS = 1.0


class Refresh:
    """Shows what the garden holds: once a second where it has changed, and on request."""

    def __init__(self, host: Host) -> None:
        self._host = host
        self._attention = Attention(host)
        self._by_itself = ByItself(host)
        # Overviews are numbered in the order in which their reading began.
        self._begun, self._shown = 0, 0

    async def now(self, select: str = "") -> None:
        """Read and show the garden; a reading that began before the shown one is dropped."""
        self._begun += 1
        number = self._begun
        overview = await call(lambda: Overview.read(self._host.garden))
        if number < self._shown:
            overview = self._host.overview
        else:
            self._shown = number
            self._attention.compare(self._host.overview, overview)
            self._by_itself.compare(self._host.overview, overview)
        self._host.show(overview, select)

    async def watch(self) -> None:
        """Read the garden once a second where it has changed; an error is shown once."""
        seen: int | None = None
        shown_error = ""
        while True:
            try:
                changes = await call(self._host.garden.changes)
                # The step of a live run is in its folder, so the database does not change.
                if changes != seen or self._host.overview.live:
                    await self.now()
                    seen = changes
                shown_error = ""
            except GardenError as problem:
                if problem.what != shown_error:
                    toasts.show_error(self._host.app, problem)
                shown_error = problem.what
            self._by_itself.look(time.monotonic())
            await asyncio.sleep(LOOK_SECONDS)
