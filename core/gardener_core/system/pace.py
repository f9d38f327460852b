"""Limit how often progress is reported."""

import time

REPORT_SECONDS = 0.25


class Pace:
    """Says when the next progress report is due."""

    def __init__(self) -> None:
        self._last = time.monotonic()

    def is_due(self) -> bool:
        """Whether a quarter of a second has passed since the last report."""
        now = time.monotonic()
        if now - self._last < REPORT_SECONDS:
            return False
        self._last = now
        return True
