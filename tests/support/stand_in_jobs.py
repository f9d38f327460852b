"""Start stand-in jobs as real processes."""

import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path

from gardener_core.events.run import Noted
from gardener_core.events.union import Event
from gardener_core.jobs import runner
from gardener_core.jobs.folder import is_alive
from gardener_core.jobs.follow import follow
from gardener_core.jobs.spec import GrowSpec, IndexSpec, write_spec
from gardener_core.system.files.atomic import make_folder
from gardener_core.system.places import Places
from support.processes import until

CODE = f"""\
import sys; sys.path.insert(0, {str(Path(__file__).parent)!r})
from gardener_core.jobs import child
with child.job() as job:
    import stand_in
    job.run(stand_in.work)
"""


@dataclass
class StandInJobs:
    """Starts stand-in jobs as real processes, follows them and kills them."""

    places: Places

    def start(self, name: str, steps: int = 10_000, heavy: bool = False) -> Path:
        folder = make_folder(self.places.run(name))
        (folder / "steps").write_text(str(steps))
        spec = (
            GrowSpec(name, time.time(), "", "seedling", steps)
            if heavy
            else IndexSpec(name, time.time(), "p", False)
        )
        write_spec(folder, spec)
        self.launch(folder)
        return folder

    def launch(self, folder: Path) -> None:
        runner.launch(folder, CODE)

    def process_id(self, folder: Path) -> int:
        for event in self.until(folder, Noted):
            if isinstance(event, Noted):
                found = int(event.text.split()[1])
        return found

    def until(self, folder: Path, kind: type, at_least: int = 1) -> list[Event]:
        """Follow until so many events of a kind were written."""
        events: list[Event] = []
        for batch in follow(folder):
            events += batch
            if sum(isinstance(event, kind) for event in events) >= at_least:
                return events
        raise AssertionError(f"ended without {kind.__name__}: {events[-3:]}")

    def kill(self, folder: Path) -> None:
        os.kill(self.process_id(folder), signal.SIGKILL)
        until(lambda: not is_alive(folder), "the lock of a killed job")
