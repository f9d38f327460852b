"""Mark blocks of work that may be interrupted."""

import time
from types import TracebackType


class Interruptible:
    """A block of work that loses nothing if it is paused or ended inside.

    Inside such a block a request of the user is carried out at any moment; outside of it the
    request waits for the next event of the work. No event is yielded inside a block.
    """

    def __init__(self) -> None:
        self._depth = 0
        self.paused_seconds = 0.0

    @property
    def is_open(self) -> bool:
        """Whether the work is inside such a block."""
        return self._depth > 0

    def now(self) -> float:
        """Seconds on a clock that stops while the work is paused."""
        return time.monotonic() - self.paused_seconds

    def __enter__(self) -> None:
        """Allow interruptions from here on."""
        self._depth += 1

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Make requests wait for the next event again."""
        self._depth -= 1
