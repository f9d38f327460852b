"""Inspect and await other processes."""

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

DEADLINE_SECONDS = 20.0
POLL_SECONDS = 0.001  # some wait for a moment that is over soon
NEVER = threading.Event()
needs_proc = pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="looks into /proc")


def is_running(process: int) -> bool:
    """Whether a process is there and has not ended."""
    with suppress(OSError):
        return Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    return False


def children_of(process: int, word: bytes) -> set[int]:
    """The children of a process in whose command line a word stands."""
    found: set[int] = set()
    with suppress(OSError):
        for task in Path(f"/proc/{process}/task").iterdir():
            with suppress(OSError):  # a thread or a child that has just ended
                for child in (task / "children").read_text().split():
                    if word in Path(f"/proc/{child}/cmdline").read_bytes():
                        found.add(int(child))
    return found


def until(true: Callable[[], bool], what: str) -> None:
    """Wait for a condition that another process brings about."""
    end = time.monotonic() + DEADLINE_SECONDS
    while not true():
        assert time.monotonic() < end, f"in vain: {what}"
        # A pause between two checks: the process that is waited for needs the core.
        NEVER.wait(POLL_SECONDS)
