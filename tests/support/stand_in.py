"""A job of many small steps, run in real processes by tests."""

import os
import threading
from collections.abc import Generator
from pathlib import Path

from gardener_core.errors import StopRequested
from gardener_core.events.run import Noted
from gardener_core.events.train import Checkpointed, StepDone
from gardener_core.events.union import Event
from gardener_core.jobs.spec import Spec
from gardener_core.system.interrupts import Interruptible
from gardener_core.system.places import Places

STEP_SECONDS = 0.02


def work(
    spec: Spec, places: Places, folder: Path, interruptible: Interruptible
) -> Generator[Event, str | None, None]:
    """Steps until `steps` (a file in the run's folder) is reached; goes on after `kept`."""
    steps = int((folder / "steps").read_text())
    kept = folder / "kept"
    first = int(kept.read_text()) + 1 if kept.exists() else 1
    print("a library prints", flush=True)
    yield Noted(f"pid {os.getpid()} nice {os.nice(0)} session {os.getsid(0) == os.getpid()}")
    step = first
    try:
        for step in range(first, steps + 1):
            threading.Event().wait(STEP_SECONDS)
            if (folder / "crash").exists():
                raise RuntimeError("as asked")
            asked = yield StepDone(spec.run, "stand-in", step, steps, 1 / step)
            if asked == "checkpoint":
                kept.write_text(str(step))
                yield Checkpointed(step)
    except StopRequested:
        kept.write_text(str(step))
        raise
