"""The functions that answer requests."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from gardener_core.answers.completion import Completer
from gardener_core.answers.quotes import answer_with_quotes
from gardener_core.answers.requests import CompleteRequest
from gardener_core.engine.embedders import OpenEmbedders
from gardener_core.engine.lanes.search import SearchLane
from gardener_core.engine.lanes.trial import try_embedder
from gardener_core.engine.lanes.watch import IndexWatch
from gardener_core.engine.protocol import (
    AskRequest,
    CheckRequest,
    Request,
    SearchRequest,
    TryEmbedderRequest,
    WatchRequest,
)
from gardener_core.events.run import Stopped
from gardener_core.events.union import Event
from gardener_core.system.places import Places

Cancelled = Callable[[], bool]
Handler = Callable[[Any, Cancelled], Iterator[Event]]


class Handlers:
    """A function for each request, and what they share: open tables and models."""

    def __init__(self, places: Places) -> None:
        self._places = places
        self._embedders = OpenEmbedders(places)
        self._search = SearchLane(places, self._embedders)
        self._completer = Completer(places)
        self.by_request: Mapping[type[Request], Handler] = {
            SearchRequest: self._find,
            CheckRequest: self._check,
            AskRequest: self._answer,
            CompleteRequest: self._complete,
            TryEmbedderRequest: self._try_embedder,
            WatchRequest: self._watch,
        }

    def close(self) -> None:
        """Close models, readers and tables."""
        self._completer.close()
        self._search.close()
        self._embedders.close()

    def _find(self, request: SearchRequest, cancelled: Cancelled) -> Iterator[Event]:
        yield self._search.find(
            request.project, request.query, request.results, request.scope, request.code_may_leave
        )

    def _check(self, request: CheckRequest, cancelled: Cancelled) -> Iterator[Event]:
        yield self._search.check(request.project)

    def _answer(self, request: AskRequest, cancelled: Cancelled) -> Iterator[Event]:
        retrieved = self._search.find(
            request.project,
            request.question,
            request.results,
            code_may_leave=request.code_may_leave,
        )
        yield from answer_with_quotes(request.question, retrieved, cancelled)

    def _complete(self, request: CompleteRequest, cancelled: Cancelled) -> Iterator[Event]:
        yield from self._completer.complete(request, cancelled)

    def _try_embedder(self, request: TryEmbedderRequest, cancelled: Cancelled) -> Iterator[Event]:
        yield try_embedder(self._places, request.project, request.embedder, request.code_may_leave)

    def _watch(self, request: WatchRequest, cancelled: Cancelled) -> Iterator[Event]:
        watch = IndexWatch(
            self._places,
            request.project,
            Path(request.root),
            self._embedders,
            request.code_may_leave,
        )
        yield from watch.events(cancelled)
        yield Stopped()
