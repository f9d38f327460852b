"""Tell of progress a few times a second."""

import time

TELL_SECONDS = 0.25


class Pace:
    """Says when it is time to tell again: often enough to see it move, seldom enough to read."""

    def __init__(self) -> None:
        self._told = time.monotonic()

    def is_due(self) -> bool:
        """Whether the last time was a quarter of a second ago; then this is the new one."""
        now = time.monotonic()
        if now - self._told < TELL_SECONDS:
            return False
        self._told = now
        return True
