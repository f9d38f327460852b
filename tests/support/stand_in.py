"""The work of a stand-in job: many small steps."""

import os
import threading
from pathlib import Path

from gardener_core.errors import StopRequested
from gardener_core.events.run import Noted
from gardener_core.events.train import Checkpointed, StepDone

STEP_SECONDS = 0.02


def work(spec, places, folder: Path, interruptible):
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
