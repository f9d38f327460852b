"""Ask the engine; start it, and restart it once if it dies."""

import itertools
import queue
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

from gardener_core.engine.protocol import (
    ROUTES,
    CancelRequest,
    Request,
    decode_reply,
    encode_request,
)
from gardener_core.errors import EngineLost, revive
from gardener_core.events.run import Failed, Noted
from gardener_core.events.union import Event
from gardener_core.system.log import tail
from gardener_core.system.places import Places
from gardener_core.system.processes.start import start_python

E = TypeVar("E", bound=Event)
ASK_CANCELLED_SECONDS = 0.1
_CODE = (
    "from gardener_core.system.places import Places; from gardener_core.engine import stdio; "
    "p = stdio.claim(Places.of_user().engine_log); "
    "from gardener_core.system.lazy import load; load('gardener_core.engine.main').main(p)"
)

Replies = queue.SimpleQueue[Event | None]  # None: the engine is gone


def never() -> bool:
    """Never cancel."""
    return False


def first_of(events: Iterable[object], kind: type[E]) -> E:
    """The first event of a kind; an answer that ends without one is an error."""
    for event in events:
        if isinstance(event, kind):
            return event
    raise EngineLost("The answer ended without a result.", hint="Try again.")


class Engine:
    """The resident process of a screen or command; started by the first request."""

    def __init__(self, places: Places) -> None:
        self._places = places
        self._starting = threading.Lock()
        self._process: _Process | None = None

    def answer(self, request: Request, cancelled: Callable[[], bool] = never) -> Iterator[Event]:
        """The events of an answer; an error is raised."""
        for last_try in (False, True):
            process = self._running()
            answered = False
            for event in process.answer(request, cancelled):
                if event is None:
                    break
                answered = True
                yield event
            else:
                return
            if answered or last_try:
                break
            yield Noted(f"{process.how_it_ended()} It was started again.")
        raise EngineLost(
            f"{process.how_it_ended()} The answer was cut off.",
            hint=f"Ask again; its output is in {self._places.engine_log}.",
        )

    def result(self, request: Request, kind: type[E], cancelled: Callable[[], bool] = never) -> E:
        """The one event that is wanted of an answer."""
        return first_of(self.answer(request, cancelled), kind)

    @property
    def process_id(self) -> int:
        """The id of the engine's process; 0 before the first request."""
        return self._process.process_id if self._process else 0

    def close(self) -> None:
        """Tell the engine to end; it finishes by itself."""
        with self._starting:
            if self._process:
                self._process.close()

    def _running(self) -> "_Process":
        with self._starting:
            if self._process is None or not self._process.alive():
                self._process = _Process(self._places.engine_log)
            return self._process


class _Process:
    """One process of the engine: a thread drains its pipe into a queue for each request."""

    def __init__(self, log: Path) -> None:
        self._log = log
        self._child = start_python(_CODE)
        self._numbers = itertools.count(1)
        self._queues: dict[int, Replies] = {}
        self._lock = threading.Lock()
        self._gone = False
        threading.Thread(target=self._drain, daemon=True).start()

    @property
    def process_id(self) -> int:
        """The id of this process."""
        return self._child.pid

    def alive(self) -> bool:
        """Whether requests can still be answered."""
        return not self._gone

    def answer(self, request: Request, cancelled: Callable[[], bool]) -> Iterator[Event | None]:
        """Events of one request; None when the engine is gone."""
        number, replies = self._ask(request)
        cancel_sent = False
        try:
            while True:
                if cancelled() and not cancel_sent:
                    cancel_sent = True
                    self._send(next(self._numbers), CancelRequest(number))
                try:
                    event = replies.get(timeout=ASK_CANCELLED_SECONDS)
                except queue.Empty:
                    continue
                if isinstance(event, Failed):
                    raise revive(event.code, event.what, event.hint, event.remedy)
                yield event
                if event is None or isinstance(event, ROUTES[type(request)].last):
                    return
        finally:
            self._queues.pop(number, None)

    def how_it_ended(self) -> str:
        """How the engine ended."""
        status = self._child.wait()
        if status < 0:
            return f"The process that searches and answers was killed by signal {-status}."
        last_line = tail(self._log, lines=1)
        return f"The process that searches and answers ended with status {status}: {last_line}."

    def close(self) -> None:
        """Close its stdin, which tells it to end."""
        if self._child.stdin:
            with suppress(OSError):
                self._child.stdin.close()

    def _ask(self, request: Request) -> tuple[int, Replies]:
        number, replies = next(self._numbers), Replies()
        self._queues[number] = replies
        self._send(number, request)
        if self._gone:
            replies.put(None)
        return number, replies

    def _send(self, number: int, request: Request) -> None:
        if self._child.stdin is None:
            return
        with self._lock, suppress(OSError, ValueError):  # gone: the queue will say so
            self._child.stdin.write(encode_request(number, request))
            self._child.stdin.flush()

    def _drain(self) -> None:
        assert self._child.stdout is not None
        for line in self._child.stdout:
            reply = decode_reply(line)
            replies = self._queues.get(reply[0]) if reply else None
            if reply and replies is not None:
                replies.put(reply[1])
        self._gone = True
        for replies in list(self._queues.values()):
            replies.put(None)
