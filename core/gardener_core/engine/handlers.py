"""The functions that answer requests."""

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from gardener_core.answers.completion import Completer
from gardener_core.answers.conversation.recorder import Recorder
from gardener_core.answers.conversation.summariser import Summariser
from gardener_core.answers.explain.explainer import Explainer
from gardener_core.answers.requests import (
    AskRequest,
    CheckNamesRequest,
    CompleteRequest,
    ReadAheadRequest,
    SummariseRequest,
)
from gardener_core.answers.serving import ServedBases
from gardener_core.engine.embedders import OpenEmbedders
from gardener_core.engine.lanes.ask import AskLane
from gardener_core.engine.lanes.read_ahead import reason_to_leave_it
from gardener_core.engine.lanes.search import SearchLane
from gardener_core.engine.lanes.switch import SwitchLane
from gardener_core.engine.lanes.trial import try_embedder
from gardener_core.engine.lanes.watch import IndexWatch
from gardener_core.engine.protocol import (
    CheckRequest,
    Request,
    SearchRequest,
    SwitchRequest,
    TryEmbedderRequest,
    WatchRequest,
)
from gardener_core.events.answer import ReadAhead
from gardener_core.events.run import Stopped
from gardener_core.events.union import Event
from gardener_core.store.database import Database
from gardener_core.store.garden.chats.messages import MessageTable
from gardener_core.store.garden.chats.writers import Writer
from gardener_core.system.places import Places

Cancelled = Callable[[], bool]
Handler = Callable[[Any, Cancelled], Iterator[Event]]


class Handlers:
    """A function for each request, and what they share: open tables and models."""

    def __init__(self, places: Places) -> None:
        self._places = places
        self._embedders = OpenEmbedders(places)
        self._search = SearchLane(places, self._embedders)
        self._bases = ServedBases(places)
        self._completer = Completer(self._bases)
        explainer = Explainer(self._bases, places)
        self._ask = AskLane(places, self._search, self._embedders.static, explainer)
        self._summariser = Summariser(self._bases, explainer, self._database)
        self._switch = SwitchLane(self._search, self._bases)
        self.by_request: Mapping[type[Request], Handler] = {
            SearchRequest: self._find,
            CheckRequest: self._check,
            AskRequest: self._answer,
            ReadAheadRequest: self._read_ahead,
            CheckNamesRequest: self._check_names,
            CompleteRequest: self._complete,
            TryEmbedderRequest: self._try_embedder,
            WatchRequest: self._watch,
            SwitchRequest: self._switch.switch,
            SummariseRequest: self._summarise,
        }

    @cached_property
    def _recorder(self) -> Recorder:
        return Recorder(MessageTable(self._database()), Writer(self._places))

    def _database(self) -> Database:
        return Database(self._places.database)

    def close(self) -> None:
        """Close models, readers and tables."""
        self._bases.close()
        self._search.close()
        self._embedders.close()

    def _find(self, request: SearchRequest, cancelled: Cancelled) -> Iterator[Event]:
        yield self._search.find(
            request.project, request.query, request.results, request.scope, request.code_may_leave
        )

    def _check(self, request: CheckRequest, cancelled: Cancelled) -> Iterator[Event]:
        yield self._search.check(request.project)

    def _answer(self, request: AskRequest, cancelled: Cancelled) -> Iterator[Event]:
        events = self._ask.answer(request, cancelled)
        yield from self._recorder.record(request.answer, events, cancelled)

    def _read_ahead(self, request: ReadAheadRequest, cancelled: Cancelled) -> Iterator[Event]:
        reason = "changed" if cancelled() else reason_to_leave_it(self._bases.is_busy())
        if reason:
            yield ReadAhead(0, 0, 0.0, reason)
        else:
            yield from self._ask.read_ahead(request.ask, cancelled)

    def _summarise(self, request: SummariseRequest, cancelled: Cancelled) -> Iterator[Event]:
        skipped = reason_to_leave_it(self._bases.is_busy()) if request.spare else ""
        yield from self._summariser.summarise(request, skipped, cancelled)

    def _check_names(self, request: CheckNamesRequest, cancelled: Cancelled) -> Iterator[Event]:
        yield self._ask.check_names(request)

    def _complete(self, request: CompleteRequest, cancelled: Cancelled) -> Iterator[Event]:
        events = self._completer.complete(request, cancelled)
        yield from self._recorder.record(request.answer, events, cancelled)

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
