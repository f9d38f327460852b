"""Hold work in other threads while nobody waits for it."""

import threading
import time
from collections.abc import Callable

STALE_SECONDS = 0.6
POLL_SECONDS = 0.05


class Abandoned(Exception):
    """Nobody waits for this work any more."""


class Heartbeat:
    """The main thread beats while it waits; that of a paused run does not, and work halts."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._last = clock()
        self._ended = threading.Event()

    def beat(self) -> None:
        """Let the work go on for a moment."""
        self._last = self._clock()

    def end(self) -> None:
        """Let the work end as soon as it looks."""
        self._ended.set()

    @property
    def is_stale(self) -> bool:
        """Whether nobody has waited for a moment."""
        return self._clock() - self._last > STALE_SECONDS

    def wait(self) -> None:
        """Hold still while the heart does not beat; `Abandoned` once it has ended."""
        while self.is_stale and not self._ended.is_set():
            self._ended.wait(POLL_SECONDS)
        if self._ended.is_set():
            raise Abandoned

    def sleep(self, seconds: float) -> bool:
        """Wait; true as soon as the work is to end."""
        return self._ended.wait(seconds)
