"""The resident process: searches, answers and completes."""

import os
import queue
import sys
import threading
import traceback
from collections.abc import Iterator
from pathlib import Path

from gardener_core.answers.completion import Completer
from gardener_core.answers.quotes import answer_with_quotes
from gardener_core.engine.embedders import OpenEmbedders
from gardener_core.engine.lanes.search import SearchLane
from gardener_core.engine.lanes.trial import try_embedder
from gardener_core.engine.lanes.watch import IndexWatch
from gardener_core.engine.outbox import Outbox
from gardener_core.engine.protocol import (
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
from gardener_core.engine.stdio import Pipes
from gardener_core.errors import GardenError, Remedy
from gardener_core.events.run import Failed, Stopped
from gardener_core.events.union import Event
from gardener_core.system.places import Places

LAST_WORDS_SECONDS = 2.0
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
    """Two threads of work; the reader of requests waits for neither, so a cancel gets through."""

    def __init__(self, places: Places, outbox: Outbox) -> None:
        self._places = places
        self._outbox = outbox
        self._cancelled: set[int] = set()
        self._embedders = OpenEmbedders(places)
        self._finder = SearchLane(places, self._embedders)
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
        """Finish the answer in flight, if it is nearly there, and give its words a moment."""
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
                self._fail(number, problem.code, problem.what, problem.hint, problem.remedy)
            except Exception as problem:  # the one place where this process reports a failure
                traceback.print_exc()
                what = f"{type(problem).__name__}: {problem}"
                log = self._places.engine_log
                self._fail(number, "crash", what, f"The whole story is in {log}")
            self._cancelled.discard(number)

    def _fail(
        self, number: int, code: str, what: str, hint: str, remedy: Remedy | None = None
    ) -> None:
        self._outbox.put(number, Failed(code, what, hint, remedy))

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
                watch = IndexWatch(self._places, project, Path(root), self._embedders, may_leave)
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
