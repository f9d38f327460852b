"""Work in another thread goes on only while somebody waits for it."""

import threading
from contextlib import suppress

import pytest

from gardener_core.models.sources.heartbeat import Abandoned, Heartbeat


class Worker:
    """Waits for a heart in a thread, then says that it went on."""

    def __init__(self, heart: Heartbeat) -> None:
        self._heart = heart
        self.went_on = threading.Event()
        self.thread = threading.Thread(target=self._work, daemon=True)
        self.thread.start()

    def _work(self) -> None:
        with suppress(Abandoned):
            self._heart.wait()
            self.went_on.set()


class Clock:
    """Stands still until it is set."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_it_halts_until_the_next_beat(clock: Clock) -> None:
    heart = Heartbeat(clock)
    heart.wait()
    clock.now = 10
    assert heart.is_stale
    worker = Worker(heart)
    assert not worker.went_on.wait(0.2)
    heart.beat()
    assert worker.went_on.wait(5)


def test_once_it_has_ended_work_is_abandoned(clock: Clock) -> None:
    heart = Heartbeat(clock)
    clock.now = 10
    worker = Worker(heart)
    heart.end()
    worker.thread.join(5)
    assert not worker.went_on.is_set()
    for _ in range(2):
        with pytest.raises(Abandoned):
            heart.wait()
