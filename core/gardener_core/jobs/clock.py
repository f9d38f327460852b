"""Tell a run's work from its waiting."""

from gardener_core.events.run import Failed, Finished, Paused, Queued, Resumed, Started, Stopped

_WAITS = frozenset(kind.__name__ for kind in (Queued, Paused))
_WORKS = frozenset(kind.__name__ for kind in (Started, Resumed, Finished, Failed, Stopped))


class WorkClock:
    """Adds up the seconds of a run over its attempts, from the events' own monotonic times.

    What lies between two attempts is neither work nor waiting. Who leaves out steps, but not the
    last one before another event, comes to the very same numbers.
    """

    def __init__(self) -> None:
        self.worked = 0.0
        self.waited = 0.0
        self._attempt = 0
        self._waiting = False
        # Where the present stretch of work or waiting began: its time, and the sum until then.
        self._began = 0.0
        self._before = 0.0

    def take(self, event: str, attempt: int, monotonic: float) -> float:
        """The seconds of work at an event, which is given by its name."""
        if attempt != self._attempt:
            self._attempt = attempt
            self._begin(monotonic, waiting=False)
        elif self._waiting:
            self.waited = self._before + max(0.0, monotonic - self._began)
        else:
            self.worked = self._before + max(0.0, monotonic - self._began)
        if event in _WAITS and not self._waiting:
            self._begin(monotonic, waiting=True)
        elif event in _WORKS and self._waiting:
            self._begin(monotonic, waiting=False)
        return self.worked

    def _begin(self, monotonic: float, waiting: bool) -> None:
        self._waiting, self._began = waiting, monotonic
        self._before = self.waited if waiting else self.worked
