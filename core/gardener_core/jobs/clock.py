"""Measure a run's working and waiting time."""

from gardener_core.events.run import Failed, Finished, Paused, Queued, Resumed, Started, Stopped

_WAITING_EVENTS = frozenset(kind.__name__ for kind in (Queued, Paused))
_WORKING_EVENTS = frozenset(kind.__name__ for kind in (Started, Resumed, Finished, Failed, Stopped))


class WorkClock:
    """Adds up a run's seconds from its events' monotonic times.

    Time between two attempts is neither work nor waiting. Leaving out steps, except the last one
    before another event, does not change the sums.
    """

    def __init__(self) -> None:
        self.working_seconds = 0.0
        self.waiting_seconds = 0.0
        self._attempt = 0
        self._waiting = False
        # The start of the present period of work or waiting, and the sum until then.
        self._began = 0.0
        self._before = 0.0

    def advance(self, event: str, attempt: int, monotonic: float) -> float:
        """Advance to an event, given by its name; the seconds of work until then."""
        if attempt != self._attempt:
            self._attempt = attempt
            self._begin(monotonic, waiting=False)
        elif self._waiting:
            self.waiting_seconds = self._before + max(0.0, monotonic - self._began)
        else:
            self.working_seconds = self._before + max(0.0, monotonic - self._began)
        if event in _WAITING_EVENTS and not self._waiting:
            self._begin(monotonic, waiting=True)
        elif event in _WORKING_EVENTS and self._waiting:
            self._begin(monotonic, waiting=False)
        return self.working_seconds

    def _begin(self, monotonic: float, waiting: bool) -> None:
        self._waiting, self._began = waiting, monotonic
        self._before = self.waiting_seconds if waiting else self.working_seconds
