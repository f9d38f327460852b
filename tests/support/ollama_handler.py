"""How the Ollama double sends, breaks off, dies and hangs."""

import http.server
import json
import socket
from collections.abc import Iterator, Mapping
from typing import Any, Literal, Protocol

from support.ollama_held import Held, a_pulled
from support.ollama_registry import Registry, Said

PIECES = ("def ", "main", "():\n", "    pass")
MISSING = "pull model manifest: file does not exist"
BUSY = "server busy, please try again.  maximum pending requests exceeded"
CRASHED = "llama-server process has terminated: exit status 1"
Behaviour = Literal[
    "whole", "error before", "error inside", "500", "cut", "died", "half line", "dropped", "busy",
    "hangs", "hangs inside", "not json", "refused", "out of memory",
]  # fmt: skip
Answer = tuple[int, bytes]


class Answering(Protocol):
    """What the handler asks of the double."""

    pulls: list[dict[str, Any]]
    pull_hangs: bool
    pulled_blob: str
    held: dict[str, Held]
    completed: list[dict[str, Any]]
    registry: Registry

    def hang_until_left(self, connection: socket.socket) -> None: ...
    def get(self, path: str) -> Answer: ...
    def delete(self, asked: Mapping[str, Any]) -> Answer: ...
    def show(self, asked: Mapping[str, Any]) -> Answer: ...
    def embed(self, asked: dict[str, Any]) -> Answer: ...
    def finished(self, asked: Mapping[str, Any]) -> Answer | dict[str, Any]: ...
    def next_behaviour(self) -> Behaviour: ...


class OllamaHandler(http.server.BaseHTTPRequestHandler):
    """Speaks HTTP/1.1, as the server does; `double` says what."""

    protocol_version = "HTTP/1.1"
    double: "Answering"

    def handle_one_request(self) -> None:
        """A server that died says nothing."""
        if self.double.registry.is_dead:
            self.close_connection = True
            return
        super().handle_one_request()

    def do_HEAD(self) -> None:
        self.send_response(self.double.registry.has(self.path.rpartition("/")[2]))
        self.send_header("Content-Length", "0")
        self.end_headers()

    def do_GET(self) -> None:
        self._send(self.double.get(self.path))

    def do_DELETE(self) -> None:
        self._send(self.double.delete(self._body()))

    def do_POST(self) -> None:
        if self.path.startswith("/api/blobs/"):
            self._upload(self.path.rpartition("/")[2])
            return
        asked = self._body()
        match self.path:
            case "/api/show":
                self._send(self.double.show(asked))
            case "/api/embed":
                self._send(self.double.embed(asked))
            case "/api/create":
                refused, lines = self.double.registry.create(asked)
                self._stream(iter(lines)) if refused is None else self._say(refused)
            case "/api/copy":
                self._say(self.double.registry.copy(asked["source"], asked["destination"]))
            case "/api/pull":
                self._pull(asked)
            case "/api/generate" | "/api/chat":
                self.double.completed.append(asked)
                self._generate(asked, self.double.next_behaviour())
            case _:
                self._send((404, b"404 page not found"))

    def _upload(self, digest: str) -> None:
        registry = self.double.registry
        if "Content-Length" not in self.headers:
            self._say(registry.keep(digest, self._bytes()))
            return
        said = registry.upload(digest, int(self.headers["Content-Length"]), self.rfile)
        self.close_connection = True  # it may not have been read to its end
        if said is not None:
            self._say(said)

    def _say(self, said: Said) -> None:
        status, fields = said
        self._send((status, b"" if fields is None else json.dumps(fields).encode()))

    def _body(self) -> dict[str, Any]:
        asked: dict[str, Any] = json.loads(self._bytes())
        return asked

    def _bytes(self) -> bytes:
        """The body, which a client sends in chunks where it does not know how long it is."""
        if "Content-Length" in self.headers:
            return self.rfile.read(int(self.headers["Content-Length"]))
        body = b""
        while size := int(self.rfile.readline(), 16):
            body += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return body

    def _pull(self, asked: dict[str, Any]) -> None:
        """An error after the first line is a line of its own: the status was sent."""
        if not self.double.pulls:
            self._stream(iter([{"status": "pulling manifest"}, {"error": MISSING}]))
            return
        if self.double.pulls[-1] == {"status": "success"} and not self.double.pull_hangs:
            held = a_pulled(asked["model"])
            held.blob = self.double.pulled_blob
            self.double.held[held.name] = held
        self._stream(iter(self.double.pulls), hang_before_end=self.double.pull_hangs)

    def _generate(self, asked: dict[str, Any], behaviour: Behaviour) -> None:
        if behaviour == "dropped":
            self.close_connection = True
            return
        if behaviour == "hangs":
            self.double.hang_until_left(self.connection)
            self.close_connection = True
            return
        if refused := _REFUSALS.get(behaviour):
            self._send(refused)
            return
        last = self.double.finished(asked)
        if not isinstance(last, dict):
            self._send(last)
            return
        model = {"model": asked["model"], "created_at": last["created_at"]}
        pieces = [{**model, **_said(asked, piece), "done": False} for piece in PIECES]
        match behaviour:
            case "cut":  # ends in order, as through a proxy, and is not whole
                self._stream(iter(pieces[:2]))
            case "died":
                self._stream(iter(pieces[:2]), dies=True)
            case "half line":
                self._stream(iter([pieces[0], b'{"model": "m", "resp']), dies=True)
            case "error inside":
                self._stream(iter([pieces[0], {"error": CRASHED}]))
            case "hangs inside":
                self._stream(iter(pieces[:2]), hang_before_end=True)
            case "not json":
                self._stream(iter([b"[1, 2]\n"]))
            case _:
                self._stream(iter([*pieces, last]))

    def _stream(
        self,
        lines: Iterator[dict[str, Any] | bytes],
        *,
        dies: bool = False,
        hang_before_end: bool = False,
    ) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/x-ndjson")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for line in lines:
            text = line if isinstance(line, bytes) else json.dumps(line).encode() + b"\n"
            self.wfile.write(f"{len(text):x}\r\n".encode() + text + b"\r\n")
            self.wfile.flush()
        if hang_before_end:
            self.double.hang_until_left(self.connection)
        if dies or hang_before_end:
            self.close_connection = True
        else:
            self.wfile.write(b"0\r\n\r\n")

    def _send(self, answer: Answer) -> None:
        status, said = answer
        self.send_response(status)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(said)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(said)

    def log_message(self, *words: object) -> None:
        pass


def answer(fields: Mapping[str, Any], status: int = 200) -> Answer:
    """An answer of one object."""
    return status, json.dumps(fields).encode()


_REFUSALS: Mapping[Behaviour, Answer] = {
    "error before": answer({"error": "model 'x' not found"}, 404),
    "500": answer({"error": CRASHED}, 500),
    "busy": answer({"error": BUSY}, 503),
    "refused": (502, b"<html>Bad gateway</html>"),
    "out of memory": answer(
        {"error": "model requires more system memory (9.1 GiB) than is available (1.2 GiB)"}, 500
    ),
}


def _said(asked: dict[str, Any], piece: str) -> dict[str, Any]:
    """A piece as the path that was asked says it."""
    if "messages" in asked:
        return {"message": {"role": "assistant", "content": piece}}
    return {"response": piece}
