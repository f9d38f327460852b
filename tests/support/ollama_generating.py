"""An Ollama server that continues code, or fails as the recorded protocol has it."""

import http.server
import json
import threading
from typing import Any, Literal

Behaviour = Literal[
    "whole", "error before", "error inside", "cut", "dropped", "busy", "not json", "refused"
]
PIECES = ("def ", "main", "():\n", "    pass")


class GeneratingDouble:
    """Listens on loopback; `behaviours` are those of the next requests, the last one stays."""

    def __init__(self, port: int = 0, *behaviours: Behaviour) -> None:
        self.behaviours = list(behaviours) or ["whole"]
        self.asked: list[dict[str, Any]] = []
        double = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self._send(200, json.dumps({"version": "0.31.0"}).encode())

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                double.asked.append(json.loads(body))
                self._generate(double.next_behaviour())

            def _generate(self, behaviour: Behaviour) -> None:
                lines = [{"response": piece, "done": False} for piece in PIECES]
                done = {"response": "", "done": True, "done_reason": "stop", "eval_count": 4}
                match behaviour:
                    case "whole":
                        self._lines(*lines, done)
                    case "cut":
                        self._lines(*lines[:2])
                    case "error inside":
                        self._lines(lines[0], {"error": "llama-server process has terminated"})
                    case "dropped":
                        self.close_connection = True
                        self.connection.close()
                    case "error before":
                        self._send(404, b'{"error": "model \'x\' not found"}')
                    case "busy":
                        why = "server busy, please try again.  maximum pending requests exceeded"
                        self._send(503, json.dumps({"error": why}).encode())
                    case "refused":
                        self._send(502, b"<html>Bad gateway</html>")
                    case "not json":
                        self._send(200, b"[1, 2]\n")

            def _lines(self, *lines: dict[str, Any]) -> None:
                self._send(200, b"".join(json.dumps(line).encode() + b"\n" for line in lines))

            def _send(self, status: int, said: bytes) -> None:
                self.send_response(status)
                self.send_header("Content-Length", str(len(said)))
                self.end_headers()
                self.wfile.write(said)

            def log_message(self, *words: object) -> None:
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self._server.daemon_threads = True
        self.port: int = self._server.server_port
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def next_behaviour(self) -> Behaviour:
        """The behaviour of this request."""
        return self.behaviours.pop(0) if len(self.behaviours) > 1 else self.behaviours[0]

    def close(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()
