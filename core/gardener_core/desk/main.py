"""The resident process: searches, answers and completes."""

import os
import queue
import sys
import threading
import traceback
from collections.abc import Iterator
from pathlib import Path

from gardener_core.answering.completing import Completer
from gardener_core.answering.quotes import answer_with_quotes
from gardener_core.desk.embedders import OpenEmbedders
from gardener_core.desk.finding import Finder
from gardener_core.desk.outbox import Outbox
from gardener_core.desk.pipes import Pipes
from gardener_core.desk.trying import try_embedder
from gardener_core.desk.watching import Watch
from gardener_core.desk.wire import (
    AskRequest,
    CancelRequest,
    CheckRequest,
    CompleteRequest,
    Request,
    SearchRequest,
    TryEmbedderRequest,
    WatchRequest,
    decode_request,
)
from gardener_core.errors import GardenError
from gardener_core.events import Event, Failed, Stopped
from gardener_core.places import Places

LAST_WORDS_SECONDS = 2.0

Work = tuple[int, Request]


def main(pipes: Pipes) -> None:
    """Serve requests until the screen's end of the pipe closes, however it ended."""
    desk = _Desk(Places.of_user(), Outbox(pipes.replies))
    with os.fdopen(pipes.requests, "rb") as requests:
        for line in requests:
            work = decode_request(line)
            if work:
                desk.take(*work)
    desk.end()
    sys.stdout.flush()
    os._exit(0)  # native libraries have nothing to tidy up that we would wait for


class _Desk:
    """Two threads of work; the reader of requests waits for neither, so a cancel gets through."""

    def __init__(self, places: Places, outbox: Outbox) -> None:
        self._places = places
        self._outbox = outbox
        self._cancelled: set[int] = set()
        self._embedders = OpenEmbedders(places)
        self._finder = Finder(places, self._embedders)
        self._completer = Completer(places)
        self._searches: queue.SimpleQueue[Work | None] = queue.SimpleQueue()
        self._answers: queue.SimpleQueue[Work | None] = queue.SimpleQueue()
        self._watches: queue.SimpleQueue[Work | None] = queue.SimpleQueue()
        self._watched = 0
        self._threads = [
            threading.Thread(target=self._serve, args=(work,), daemon=True)
            for work in (self._searches, self._answers, self._watches)
        ]
        for thread in self._threads:
            thread.start()

    def take(self, number: int, request: Request) -> None:
        """Put a request where it is worked on."""
        match request:
            case CancelRequest(of=of):
                self._cancelled.add(of)
            case WatchRequest():
                self._cancelled.add(self._watched)  # one project at a time
                self._watched = number
                self._watches.put((number, request))
            case SearchRequest() | CheckRequest():
                self._searches.put((number, request))
            case AskRequest() | CompleteRequest() | TryEmbedderRequest():
                self._answers.put((number, request))

    def end(self) -> None:
        """Finish the answer in flight, then give its words a moment to be heard."""
        self._cancelled.add(self._watched)
        self._watches.put(None)
        self._searches.put(None)
        self._answers.put(None)
        for thread in self._threads:
            thread.join()
        self._completer.close()
        self._finder.close()
        self._embedders.close()
        self._outbox.close(LAST_WORDS_SECONDS)

    def _serve(self, waiting: queue.SimpleQueue[Work | None]) -> None:
        while (work := waiting.get()) is not None:
            number, request = work
            try:
                for event in self._events(number, request):
                    self._outbox.put(number, event)
            except GardenError as problem:
                self._fail(number, problem.code, problem.what, problem.hint)
            except Exception as problem:  # the one place where this process reports a failure
                traceback.print_exc()
                what = f"{type(problem).__name__}: {problem}"
                log = self._places.desk_log
                self._fail(number, "crash", what, f"The whole story is in {log}")
            self._cancelled.discard(number)

    def _fail(self, number: int, code: str, what: str, hint: str) -> None:
        self._outbox.put(number, Failed(code, what, hint))

    def _events(self, number: int, request: Request) -> Iterator[Event]:
        def cancelled() -> bool:
            return number in self._cancelled

        match request:
            case SearchRequest() as asked:
                yield self._finder.find(
                    asked.project, asked.query, asked.results, asked.scope, asked.code_may_leave
                )
            case AskRequest(project=project, question=question, results=results):
                found = self._finder.find(
                    project, question, results, code_may_leave=request.code_may_leave
                )
                yield from answer_with_quotes(question, found, cancelled)
            case WatchRequest(project=project, root=root, code_may_leave=may_leave):
                watch = Watch(self._places, project, Path(root), self._embedders, may_leave)
                yield from watch.events(cancelled)
                yield Stopped()
            case TryEmbedderRequest(project=project, embedder=choice, code_may_leave=may_leave):
                yield try_embedder(self._places, project, choice, may_leave)
            case CheckRequest(project=project):
                yield self._finder.check(project)
            case CompleteRequest():
                yield self._completer.complete(
                    project=request.project,
                    base=request.base,
                    adapter=request.adapter,
                    prefix=request.prefix,
                    tokens=request.tokens,
                )
