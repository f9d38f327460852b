"""Run the process that reports changes."""

from contextlib import suppress
from pathlib import Path
from typing import cast

from gardener_core.engine.lanes.change_watcher import MOST_FOLDERS, Report, serve
from gardener_core.errors import EngineLost, Remedy
from gardener_core.system.processes.workers import spawn_worker

MOST_LIVES = 3
ENDING_SECONDS = 1.0


class ChangeFeed:
    """Starts the process, passes on its reports, and ends it; restarts it if it dies."""

    def __init__(self, root: Path, most_folders: int = MOST_FOLDERS) -> None:
        self._root = root
        self._most_folders = most_folders
        self._lives = 0
        self._start()

    def __enter__(self) -> "ChangeFeed":
        """Use it in a with statement."""
        return self

    def __exit__(self, *problem: object) -> None:
        """Kill the process, whatever it is doing."""
        self._end()

    @property
    def process_id(self) -> int:
        """The id of the process."""
        return self._process.pid or 0

    def wait(self, seconds: float) -> list[Report]:
        """The reports, as soon as there are some; none when the time is up."""
        try:
            reports: list[Report] = []
            while self._pipe.poll(0 if reports else seconds):
                reports.append(cast(Report, self._pipe.recv()))
            return reports
        except (EOFError, OSError):
            self._end()
            if self._lives == MOST_LIVES:
                raise EngineLost(
                    f"What watches {self._root} ended {MOST_LIVES} times.",
                    remedy=Remedy("index"),
                ) from None
            self._start()
            return []

    def _start(self) -> None:
        self._lives += 1
        self._process, self._pipe = spawn_worker(
            serve, str(self._root), self._most_folders, duplex=False
        )

    def _end(self) -> None:
        self._pipe.close()
        with suppress(OSError):
            self._process.kill()
        self._process.join(ENDING_SECONDS)
