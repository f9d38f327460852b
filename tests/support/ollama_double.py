"""An Ollama server as the recorded protocol has it, which embeds with the tiny encoder."""

import http.server
import json
import threading
import time
from collections.abc import Callable
from typing import Any

from support.tiny_encoder import DIMENSIONS, POSITIONS, Reference

MODEL = "nomic-embed-text:latest"
DIGEST = "0a109f422b47e3a30ba2b10eca18548e944e8a23073ee3f3e947efcf3c45e59f"


class OllamaDouble:
    """Listens on loopback; what a test changes counts from the next request on."""

    def __init__(self, reference: Reference) -> None:
        self.reference = reference
        self.digest = DIGEST
        self.remote = ""
        self.asked: list[dict[str, Any]] = []
        self.wait = 0.0
        self.on_embed: Callable[[], None] = lambda: None
        double = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self._answer(*double.get(self.path))

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                self._answer(*double.post(self.path, json.loads(body)))

            def _answer(self, status: int, fields: dict[str, Any]) -> None:
                said = json.dumps(fields).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(said)))
                self.end_headers()
                self.wfile.write(said)

            def log_message(self, *words: object) -> None:
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.host = f"127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def texts(self) -> list[str]:
        """Every text that was embedded."""
        return [text for asked in self.asked for text in asked["input"]]

    def get(self, path: str) -> tuple[int, dict[str, Any]]:
        if path == "/api/version":
            return 200, {"version": "0.15.6"}
        if path == "/api/tags":
            details = {"family": "nomic-bert", "format": "gguf", "quantization_level": "F16"}
            away = {"remote_host": self.remote} if self.remote else {}
            model = {"name": MODEL, "model": MODEL, "digest": self.digest, "size": 274302450}
            chat = {"name": "qwen2.5-coder:1.5b", "digest": "ff" * 32, "size": 986061892}
            return 200, {"models": [{**model, **away, "details": details}, chat]}
        return 404, {"error": "404 page not found"}

    def post(self, path: str, asked: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        if asked["model"] not in (MODEL, MODEL.removesuffix(":latest")):
            if path == "/api/show":
                return 200, {"capabilities": ["completion"], "model_info": {}}
            if asked["model"] == "qwen2.5-coder:1.5b":  # what llama-server says below Ollama
                return 501, {"error": "This server does not support embeddings."}
            return 404, {"error": f'model "{asked["model"]}" not found, try pulling it first'}
        if path == "/api/show":
            info = {
                "general.architecture": "nomic-bert",
                "nomic-bert.context_length": POSITIONS,
                "nomic-bert.embedding_length": DIMENSIONS,
            }
            return 200, {"capabilities": ["embedding"], "model_info": info}
        self.on_embed()
        time.sleep(self.wait)
        if any(self.reference.tokens(text) > POSITIONS for text in asked["input"]):
            return 400, {"error": "the input length exceeds the context length"}
        self.asked.append(asked)
        rows = self.reference.embed(asked["input"])
        return 200, {"model": asked["model"], "embeddings": rows.tolist()}
