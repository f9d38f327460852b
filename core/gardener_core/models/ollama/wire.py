"""Exchange JSON with an Ollama server."""

# Our own calls, everywhere, and not the `ollama` package (0.6.3), for these reasons:
# - its `generate` has neither `truncate` nor `shift`, so that a long prompt is cut in silence, and
#   it cannot ask for the version that says whether a server knows them;
# - a stream of its that just stops is no error, and one that waits cannot be cancelled;
# - it asks a proxy that the environment names, and code goes to no proxy;
# - on a busy two-core machine importing it took 0.6 to 1.1 s and 27 MB more than `http.client`,
#   which takes 0.07 to 0.13 s, also in commands that only ask whether a server is there.
# The package is who reads our double in the tests, and who creates models in `make test-ollama`.

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO

from gardener_core.models.ollama.states import Failure, RequestFailed, Status, refusal
from gardener_core.system.numbers import duration

if TYPE_CHECKING:
    import http.client
    import socket

OK, CREATED = 200, 201
PIECE = 1 << 20
CONNECT_SECONDS = 3.0
CANCEL_SECONDS = 0.05
LONGEST_LINE = 1_000_000
LONGEST_ANSWER = 64_000_000
_JSON = {"Content-Type": "application/json"}


def never() -> bool:
    """Of a request that nobody cancels."""
    return False


@dataclass(frozen=True, slots=True)
class Patience:
    """How many seconds may pass without a byte: before the first line, and after it."""

    first: float
    later: float


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a server listens; it is never asked through a proxy."""

    host: str
    port: int
    secure: bool = False

    @property
    def address(self) -> str:
        """Host and port."""
        return f"{self.host}:{self.port}"

    def ask(self, method: str, path: str, body: object, seconds: float) -> dict[str, Any]:
        """The one object of an answer; empty where there is no body."""
        with self._opened(method, path, body, seconds, never) as (response, _):
            with self._reading(seconds, "down"):
                text = response.read(LONGEST_ANSWER)
            return self._object(text, "refused") if text.strip() else {}

    def stream(
        self,
        path: str,
        body: Mapping[str, Any],
        patience: Patience,
        cancelled: Callable[[], bool] = never,
    ) -> Iterator[dict[str, Any]]:
        """The objects of a streamed answer as they come; closing this ends the request.

        A line with an error is a problem, and so is a stream that ends before the line that says
        that it is whole. Cancelled, it ends without either, wherever it waits.
        """
        cancelled = _once(cancelled)
        try:
            yield from self._lines(path, body, patience, cancelled)
        except RequestFailed:
            if not cancelled():
                raise

    def _lines(
        self,
        path: str,
        body: Mapping[str, Any],
        patience: Patience,
        cancelled: Callable[[], bool],
    ) -> Iterator[dict[str, Any]]:
        fields: dict[str, Any] = {}
        with self._opened("POST", path, body, patience.first, cancelled) as (response, sock):
            while not _is_last(fields):
                with self._reading(
                    patience.later if fields else patience.first, "broken off" if fields else "down"
                ):
                    line = response.readline(LONGEST_LINE)
                if not line:
                    raise self._problem("broken off", "its stream ended too early")
                fields = self._object(line, "broken off" if fields else "refused")
                if "error" in fields:  # the status was sent before: an error comes as a line
                    raise RequestFailed(refusal(self.address, 0, str(fields["error"])))
                sock.settimeout(patience.later)
                yield fields

    @contextmanager
    def _opened(
        self,
        method: str,
        path: str,
        body: object,
        seconds: float,
        cancelled: Callable[[], bool],
    ) -> "Iterator[tuple[http.client.HTTPResponse, socket.socket]]":
        with self._connected(seconds, cancelled) as (connection, sock):
            with self._reading(seconds, "down"):
                sent = None if body is None else json.dumps(body)
                connection.request(method, path, sent, _JSON)
                response = connection.getresponse()
            with closing(response):
                self._require(response, seconds)
                yield response, sock

    def send(
        self,
        path: str,
        file: BinaryIO,
        size: int,
        seconds: float,
        cancelled: Callable[[], bool] = never,
    ) -> Iterator[int]:
        """Send a file piece by piece; how much was sent. Closing this ends it.

        A server that has seen enough answers before the end: what it says counts.
        """
        cancelled = _once(cancelled)
        sent = 0
        try:
            with self._connected(seconds, cancelled) as (connection, _):
                with self._reading(seconds, "down"):
                    connection.putrequest("POST", path)
                    connection.putheader("Content-Type", "application/octet-stream")
                    connection.putheader("Content-Length", str(size))
                    connection.endheaders()
                while piece := file.read(PIECE):
                    try:
                        with self._reading(seconds, "broken off"):
                            connection.send(piece)
                    except RequestFailed as problem:
                        if problem.status.state == "silent":
                            raise
                        break
                    sent += len(piece)
                    yield sent
                with self._reading(seconds, "broken off"):
                    response = connection.getresponse()
                with closing(response):
                    self._require(response, seconds)
        except RequestFailed:
            if not cancelled():
                raise

    def _require(self, response: "http.client.HTTPResponse", seconds: float) -> None:
        if response.status not in (OK, CREATED):
            with self._reading(seconds, "down"):
                said = response.read(LONGEST_LINE)
            raise RequestFailed(refusal(self.address, response.status, said))

    @contextmanager
    def _connected(
        self, seconds: float, cancelled: Callable[[], bool]
    ) -> "Iterator[tuple[http.client.HTTPConnection, socket.socket]]":
        import http.client  # 15 ms of every start, as it reads mail too; for this call alone

        kind = http.client.HTTPSConnection if self.secure else http.client.HTTPConnection
        connection = kind(self.host, self.port, timeout=min(seconds, CONNECT_SECONDS))
        try:
            try:
                connection.connect()
            except (OSError, UnicodeError) as problem:
                raise self._problem("down", str(problem)) from None
            sock = connection.sock
            sock.settimeout(seconds)
            with _shut_down_by(cancelled, sock):
                yield connection, sock
        finally:
            connection.close()

    @contextmanager
    def _reading(self, seconds: float, failure: Failure) -> Iterator[None]:
        """Make the faults of a connection problems; silence is one of its own."""
        import http.client

        try:
            yield
        except TimeoutError:
            raise self._problem("silent", duration(seconds)) from None
        except (OSError, ValueError, http.client.HTTPException) as problem:
            raise self._problem(failure, str(problem) or type(problem).__name__) from None

    def _object(self, text: bytes, failure: Failure) -> dict[str, Any]:
        with suppress(ValueError):
            fields = json.loads(text)
            if isinstance(fields, dict):
                return fields
        raise self._problem(failure, "what it sent is no JSON object")

    def _problem(self, failure: Failure, said: str) -> RequestFailed:
        return RequestFailed(Status(failure, self.address, said))


@contextmanager
def _shut_down_by(cancelled: Callable[[], bool], sock: "socket.socket") -> Iterator[None]:
    """Shut a connection down once its request is cancelled: a read that waits for it ends then."""
    import socket

    if cancelled is never:
        yield
        return
    over = threading.Event()

    def watch() -> None:
        while not over.wait(CANCEL_SECONDS):
            if cancelled():
                with suppress(OSError):
                    sock.shutdown(socket.SHUT_RDWR)
                return

    threading.Thread(target=watch, name="ollama cancel", daemon=True).start()
    try:
        yield
    finally:
        over.set()


def _once(cancelled: Callable[[], bool]) -> Callable[[], bool]:
    """The same, which stays true: what was shut down is no fault of the server ever after."""
    if cancelled is never:
        return never
    was = threading.Event()

    def once() -> bool:
        if cancelled():
            was.set()
        return was.is_set()

    return once


def _is_last(fields: Mapping[str, Any]) -> bool:
    return fields.get("done") is True or fields.get("status") == "success"
