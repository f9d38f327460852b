"""The JSON lines between a screen and its engine."""

import dataclasses
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from gardener_core.answers.requests import (
    USUAL_CONTEXT,
    AskRequest,
    CheckNamesRequest,
    CompleteRequest,
    ReadAheadRequest,
    SummariseRequest,
)
from gardener_core.events.answer import Answered, Completed, NamesChecked, ReadAhead, SummariesMade
from gardener_core.events.index import EmbedderTried, Retrieved, TableChecked
from gardener_core.events.json import decode, encode
from gardener_core.events.run import Stopped
from gardener_core.events.switch import Switched
from gardener_core.events.union import Event
from gardener_core.models.serving.served import EngineSetting
from gardener_core.search.embedders.choice import EmbedderChoice
from gardener_core.search.query import Scope
from gardener_core.system.records import rebuild


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """Find code; answered by `Retrieved`."""

    project: str
    query: str
    results: int
    scope: Scope = "all"
    code_may_leave: bool = False


@dataclass(frozen=True, slots=True)
class WatchRequest:
    """Keep a project's index fresh until cancelled; answered by `Watching`, then what happens."""

    project: str
    root: str
    code_may_leave: bool = False


@dataclass(frozen=True, slots=True)
class TryEmbedderRequest:
    """Say what another embedder would cost; answered by `EmbedderTried`."""

    project: str
    embedder: EmbedderChoice
    code_may_leave: bool


@dataclass(frozen=True, slots=True)
class CheckRequest:
    """Read the whole table of a project; answered by `TableChecked`."""

    project: str


@dataclass(frozen=True, slots=True)
class SwitchRequest:
    """Make a project ready to be asked; answered by `Switched`.

    `base` is the one that answers there, and is loaded unless it is empty; `adapter` is a version.
    With `spare` it is loaded only where that takes nothing from anybody: not on battery, not under
    load, and where no other base has to go. `ahead` is for a project that may be next: what is in
    use is not touched. `without` says why no adapter is asked for.
    """

    project: str
    base: str = ""
    adapter: str = ""
    context: int = 0
    memory_bytes: int = 0
    engine: EngineSetting = "auto"
    spare: bool = False
    ahead: bool = False
    without: str = ""

    @property
    def tokens_of_context(self) -> int:
        """How much is reserved for the prompt and what is written."""
        return self.context or USUAL_CONTEXT


@dataclass(frozen=True, slots=True)
class CancelRequest:
    """End the answer to an earlier request."""

    of: int


Request = (
    SearchRequest | AskRequest | ReadAheadRequest | CompleteRequest | WatchRequest
    | TryEmbedderRequest | CheckRequest | CheckNamesRequest | SwitchRequest | SummariseRequest
    | CancelRequest
)  # fmt: skip
Lane = Literal["search", "answer", "generate", "embed", "watch", "switch", "summary"]


@dataclass(frozen=True, slots=True)
class Route:
    """The lane of a request, and the event that ends its answer.

    Lanes do not wait for each other; a lane works on one request after the other. Where there is
    one at a time, a newer request cancels the one before; so does each of what it gives way to.
    """

    lane: Lane
    last: type[Event]
    one_at_a_time: bool = False
    gives_way_to: tuple[type[Request], ...] = ()


# Every request to the engine; `handlers` has a function for each.
ROUTES: Mapping[type[Request], Route] = {
    SearchRequest: Route("search", Retrieved),
    CheckRequest: Route("search", TableChecked),
    AskRequest: Route("answer", Answered),
    ReadAheadRequest: Route("answer", ReadAhead, True, (AskRequest, CompleteRequest)),
    CheckNamesRequest: Route("answer", NamesChecked),
    CompleteRequest: Route("generate", Completed),
    TryEmbedderRequest: Route("embed", EmbedderTried),
    WatchRequest: Route("watch", Stopped, one_at_a_time=True),
    SwitchRequest: Route("switch", Switched, one_at_a_time=True),
    SummariseRequest: Route(
        "summary",
        SummariesMade,
        True,
        (AskRequest, CompleteRequest, ReadAheadRequest, SwitchRequest),
    ),
}
_KINDS: dict[str, type[Request]] = {kind.__name__: kind for kind in (*ROUTES, CancelRequest)}


def encode_request(number: int, request: Request) -> bytes:
    """A request as one line."""
    return _line(number, {"request": type(request).__name__, **dataclasses.asdict(request)})


def decode_request(line: bytes) -> tuple[int, Request] | None:
    """A line as a request; None for one that this program does not know."""
    try:
        fields = json.loads(line)
        return fields["id"], rebuild(_KINDS[fields["request"]], fields)
    except (ValueError, KeyError, TypeError):
        return None


def encode_reply(number: int, event: Event) -> bytes:
    """An event that answers a request, as one line."""
    return _line(number, encode(event))


def decode_reply(line: bytes) -> tuple[int, Event] | None:
    """A line as an event and the number of its request."""
    try:
        fields = json.loads(line)
        return fields.pop("id"), decode(fields)
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def _line(number: int, fields: dict[str, Any]) -> bytes:
    return json.dumps({"id": number, **fields}).encode() + b"\n"
