"""Find and kill the process of a run."""

import os
import signal
from pathlib import Path

from gardener_core.jobs.folder import is_alive
from support.processes import until


def process_of(folder: Path) -> int:
    """The process whose arguments name a run's folder; 0 if there is none."""
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = entry.read_bytes().split(b"\0")
        except OSError:
            continue
        if str(folder).encode() in words and b"gardener_core.jobs" in b" ".join(words):
            return int(entry.parent.name)
    return 0


def kill_run(folder: Path, how: signal.Signals = signal.SIGKILL) -> None:
    """Kill it, and wait until its lock is free."""
    process = process_of(folder)
    if process:
        os.kill(process, how)
    until(lambda: not is_alive(folder), "the lock of the killed run")
