"""Say where work may be interrupted."""

import time
from types import TracebackType


class Interruptible:
    """A block of work that loses nothing when it is held still or ended within.

    Who obeys the user may do so at any moment inside such a block; outside of it a wish waits
    until the work gives its next event. No event is given inside a block.
    """

    def __init__(self) -> None:
        self._depth = 0
        self.held_seconds = 0.0

    @property
    def is_open(self) -> bool:
        """Whether the work is inside such a block now."""
        return self._depth > 0

    def now(self) -> float:
        """Seconds on a clock that stands still while the work is held."""
        return time.monotonic() - self.held_seconds

    def __enter__(self) -> None:
        """From here on nothing is lost by an interruption."""
        self._depth += 1

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """From here on a wish waits for the next event."""
        self._depth -= 1
