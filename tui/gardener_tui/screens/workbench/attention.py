"""Call the person back when a run ends."""

import time

from textual.app import App

from gardener_core.store.garden.runs import Run, RunState
from gardener_core.system.terminal_text import clean_line
from gardener_tui import toasts
from gardener_tui.panes.background import call
from gardener_tui.panes.overview import Overview
from gardener_tui.screens.workbench.host import Host

# Nobody has turned away from a shorter run.
LONG_SECONDS = 20.0
BELL = "\x07"
_ENDS: dict[RunState, str] = {
    "finished": "has finished",
    "failed": "has failed",
    "died": "has died",
}


class Attention:
    """Rings where a long run has ended; the terminal may show its notification too."""

    def __init__(self, host: Host) -> None:
        self._host = host

    def compare(self, before: Overview, after: Overview) -> None:
        """Call for each long run that was live and has ended by itself."""
        live = {run.id for run in before.runs if run.live}
        ended = [run for run in after.runs if run.id in live and run.state in _ENDS]
        texts = [f"{after.title_of_run(run)} {_ENDS[run.state]}." for run in ended if _is_long(run)]
        if texts:
            self._host.start("attention", lambda: self._call(texts))

    async def _call(self, texts: list[str]) -> None:
        shown = self._host.training.shown
        for text in texts:
            if shown is None or not text.startswith(shown.title):
                toasts.show(self._host.app, text)
        settings = await call(self._host.garden.settings.current)
        if settings.screen.call_back != "off":
            _send(self._host.app, BELL)
        if settings.screen.call_back == "notification":
            _send(self._host.app, f"\x1b]9;gardener: {clean_line(' '.join(texts))}{BELL}")


def _send(app: App[object], sequence: str) -> None:
    """Write to the terminal past the screen, as Textual does for the clipboard."""
    if app._driver is not None:
        app._driver.write(sequence)


def _is_long(run: Run) -> bool:
    return time.time() - run.started >= LONG_SECONDS
