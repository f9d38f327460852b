"""Work in another thread goes on only while somebody waits for it."""

import threading
import time
from contextlib import suppress
from itertools import repeat

from gardener_core.models.sources.heartbeat import Abandoned, Heartbeat


def stale() -> Heartbeat:
    heart = Heartbeat()
    while not heart.is_stale:
        time.sleep(0.01)
    return heart


def worked(heart: Heartbeat) -> threading.Event:
    done = threading.Event()

    def work() -> None:
        with suppress(Abandoned):
            heart.wait()
            done.set()

    threading.Thread(target=work, daemon=True).start()
    return done


def test_it_halts_until_the_next_beat() -> None:
    heart = stale()
    done = worked(heart)
    assert not done.wait(0.2)
    heart.beat()
    assert done.wait(2)


def test_once_it_has_ended_work_is_abandoned() -> None:
    heart = stale()
    heart.end()
    for _ in repeat(None, 2):
        try:
            heart.wait()
        except Abandoned:
            continue
        raise AssertionError("it went on")
