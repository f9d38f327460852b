"""The progress of an index run."""

import time
from collections import deque

from gardener_core.events.index import FilesRead

EVERY_SECONDS = 0.25
WINDOW_SECONDS = 10.0


class IndexProgress:
    """Counts files and chunks; the rate is that of the last seconds."""

    def __init__(self, total: int, known: int) -> None:
        self._total = total
        self._known = known
        self._done = 0
        self._chunks = 0
        self._reported_at = time.monotonic()
        self._marks = deque([(self._reported_at, 0)])

    def count(self, chunks: int) -> None:
        """One more file was read."""
        self._done += 1
        self._chunks += chunks

    def is_due(self) -> bool:
        """Whether to report again."""
        return time.monotonic() - self._reported_at >= EVERY_SECONDS

    def event(self, path: str, uncommitted: int) -> FilesRead:
        """The progress as an event."""
        self._reported_at = now = time.monotonic()
        self._marks.append((now, self._done))
        while now - self._marks[0][0] > WINDOW_SECONDS:
            self._marks.popleft()
        since, before = self._marks[0]
        rate = (self._done - before) / (now - since) if now > since else 0.0
        return FilesRead(
            done=self._done,
            total=self._total,
            chunks=self._chunks,
            rate=round(rate, 1),
            left_seconds=round((self._total - self._done) / rate, 1) if rate else 0.0,
            path=path,
            uncommitted=uncommitted,
            known=self._known,
        )
