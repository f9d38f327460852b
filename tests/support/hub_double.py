"""A hub on loopback that speaks as the real one does, and fails as told."""

import hashlib
import http.server
import socket
import threading
from dataclasses import dataclass, field
from typing import Literal

COMMIT = "0123456789abcdef0123456789abcdef01234567"
Fault = Literal["", "truncates", "dies", "answers 500", "hangs", "other bytes", "too many", "gated"]


@dataclass
class HubDouble:
    """Files by `repository/name`; `fault` counts from the next request on, `stop_at` where it does.

    The sha256 of a file is told before it is sent, as the hub does with large files.
    """

    files: dict[str, bytes]
    fault: Fault = ""
    stop_at: int = 0
    times: int = 1_000_000  # how often it breaks off
    lies_about_size: int | None = None
    ranges: list[str] = field(default_factory=list)
    reached: threading.Event = field(default_factory=threading.Event)
    go_on: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        double = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_HEAD(self) -> None:
                double.answer(self, with_body=False)

            def do_GET(self) -> None:
                double.ranges.append(self.headers.get("Range", ""))
                double.answer(self, with_body=True)

            def log_message(self, *words: object) -> None:
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.endpoint = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self.go_on.set()
        self._server.shutdown()
        self._server.server_close()

    def answer(self, request: http.server.BaseHTTPRequestHandler, *, with_body: bool) -> None:
        repository, _, rest = request.path.strip("/").partition("/resolve/")
        data = self.files.get(f"{repository}/{rest.partition('/')[2]}")
        if data is None or self.fault in ("answers 500", "gated"):
            status = 500 if self.fault == "answers 500" else 403 if self.fault else 404
            request.send_response(status)
            code = "GatedRepo" if self.fault == "gated" else "EntryNotFound"
            request.send_header("X-Error-Code", code)
            request.send_header("Content-Length", "0")
            request.end_headers()
            return
        first = int(request.headers.get("Range", "bytes=0-")[6:].split("-")[0])
        sent = bytes(len(data)) if self.fault == "other bytes" else data
        size = len(data) if self.lies_about_size is None else self.lies_about_size
        request.send_response(206 if first else 200)
        request.send_header("X-Repo-Commit", COMMIT)
        request.send_header("ETag", f'"{hashlib.sha256(data).hexdigest()}"')
        request.send_header("X-Linked-Size", str(size))
        extra = b"more" if self.fault == "too many" else b""
        request.send_header("Content-Length", str(len(sent) - first + len(extra)))
        if first:
            request.send_header("Content-Range", f"bytes {first}-{len(data) - 1}/{len(data)}")
        request.end_headers()
        if with_body:
            self._send(request, sent + extra, first)

    def _send(self, request: http.server.BaseHTTPRequestHandler, data: bytes, first: int) -> None:
        breaks = self.fault in ("truncates", "dies", "hangs") and self.times > 0
        self.times -= breaks
        if not breaks:
            request.wfile.write(data[first:])
            return
        request.wfile.write(data[first : self.stop_at])
        request.wfile.flush()
        self.reached.set()
        if self.fault == "hangs":
            self.go_on.wait()
            request.wfile.write(data[self.stop_at :])
            return
        if self.fault == "dies":  # a reset instead of an end
            linger = b"\x01\x00\x00\x00\x00\x00\x00\x00"
            request.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        request.close_connection = True
        request.connection.shutdown(socket.SHUT_RDWR)
