"""The resident process: reads requests, works in lanes, writes events."""

import os
import queue
import sys
import threading
import traceback
from collections import defaultdict
from typing import get_args

from gardener_core.engine.handlers import Handlers
from gardener_core.engine.outbox import Outbox
from gardener_core.engine.protocol import ROUTES, CancelRequest, Lane, Request, decode_request
from gardener_core.engine.stdio import Pipes
from gardener_core.errors import GardenError, Remedy
from gardener_core.events.run import Failed
from gardener_core.system.places import Places

LAST_EVENTS_SECONDS = 2.0
ENDING_SECONDS = 1.8  # whoever closes us is told that it takes two

Work = tuple[int, Request]


def main(pipes: Pipes) -> None:
    """Serve requests until the screen's end of the pipe closes, however it ended."""
    engine = _EngineProcess(Places.of_user(), Outbox(pipes.replies))
    with os.fdopen(pipes.requests, "rb") as requests:
        for line in requests:
            work = decode_request(line)
            if work:
                engine.take(*work)
    ending = threading.Thread(target=engine.end, daemon=True)
    ending.start()
    ending.join(ENDING_SECONDS)
    sys.stdout.flush()
    # Native libraries have nothing to tidy up that we would wait for; children end with us.
    os._exit(0)


class _EngineProcess:
    """A thread a lane; the reader of requests waits for none, so a cancel gets through."""

    def __init__(self, places: Places, outbox: Outbox) -> None:
        self._log = places.engine_log
        self._outbox = outbox
        self._handlers = Handlers(places)
        self._cancelled: set[int] = set()
        self._running: dict[type[Request], int] = {}  # where there is one at a time
        self._waiting: dict[Lane, queue.SimpleQueue[Work | None]] = defaultdict(queue.SimpleQueue)
        self._threads = [
            threading.Thread(target=self._serve, args=(self._waiting[lane],), daemon=True)
            for lane in get_args(Lane)
        ]
        for thread in self._threads:
            thread.start()

    def take(self, number: int, request: Request) -> None:
        """Put a request into its lane."""
        if isinstance(request, CancelRequest):
            self._cancelled.add(request.of)
            return
        kind = type(request)
        route = ROUTES[kind]
        for other, number_of_other in self._running.items():
            if other is kind or kind in ROUTES[other].gives_way_to:
                self._cancelled.add(number_of_other)
        if route.one_at_a_time:
            self._running[kind] = number
        self._waiting[route.lane].put((number, request))

    def end(self) -> None:
        """Finish the answer in progress if it is nearly done, and give its events a moment."""
        self._cancelled.update(self._running.values())
        for waiting in self._waiting.values():
            waiting.put(None)
        for thread in self._threads:
            thread.join()
        self._handlers.close()
        self._outbox.close(LAST_EVENTS_SECONDS)

    def _serve(self, waiting: queue.SimpleQueue[Work | None]) -> None:
        while (work := waiting.get()) is not None:
            number, request = work
            try:
                self._answer(number, request)
            except GardenError as problem:
                self._fail(number, problem.code, problem.what, problem.hint, problem.remedy)
            except Exception as problem:  # the one place where this process reports a failure
                traceback.print_exc()
                what = f"{type(problem).__name__}: {problem}"
                self._fail(number, "crash", what, f"The whole story is in {self._log}")
            self._cancelled.discard(number)

    def _answer(self, number: int, request: Request) -> None:
        handler = self._handlers.by_request[type(request)]
        for event in handler(request, lambda: number in self._cancelled):
            self._outbox.put(number, event)

    def _fail(
        self, number: int, code: str, what: str, hint: str, remedy: Remedy | None = None
    ) -> None:
        self._outbox.put(number, Failed(code, what, hint, remedy))
