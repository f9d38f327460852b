"""An Ollama server as three real versions speak, for lists, pulls, completions and embeddings.

0.12.5 knows neither `truncate` nor `shift` and cuts a prompt to the context in silence; 0.24.0
refuses it in its own words; 0.34.2 hands on what llama-server answers, as JSON inside of the text,
and takes no adapters when a model is created. Nothing else that we ask differs between them: 0.12.6
is as 0.24.0 here, and 0.32.0, as all from 0.30 to 0.34.0, as 0.34.2 but for the adapters.
"""

import http.server
import json
import select
import socket
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal

from support.ollama_handler import PIECES, Answer, Behaviour, OllamaHandler, answer
from support.ollama_held import (
    CODER,
    DIGEST,
    MODEL,
    Held,
    a_coder,
    an_embedder,
    pull_lines,
)
from support.ollama_registry import Registry
from support.tiny_encoder import POSITIONS, Reference

Generation = Literal["0.12.5", "0.24.0", "0.32.0", "0.34.2"]
GENERATIONS: tuple[Generation, ...] = ("0.12.5", "0.24.0", "0.34.2")
# Those that differ in how a model is created.
CREATING: tuple[Generation, ...] = ("0.24.0", "0.32.0", "0.34.2")
_LLAMA_SERVER: tuple[Generation, ...] = ("0.32.0", "0.34.2")


class _Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *about: object) -> None:
        """Say nothing of a client that left: tests let it leave."""


class OllamaDouble:
    """Listens on loopback; what a test changes counts from the next request on.

    `behaviours` are those of the next completions, the last one stays. A token is a byte here.
    """

    def __init__(
        self,
        reference: Reference | None = None,
        port: int = 0,
        generation: Generation = "0.34.2",
        behaviours: Sequence[Behaviour] = ("whole",),
    ) -> None:
        self.reference = reference
        self.generation = generation
        self.version: str = generation
        self.behaviours = list(behaviours)
        self.held = {held.name: held for held in (an_embedder(), a_coder())}
        self.pulls: list[dict[str, Any]] = pull_lines()
        self.asked: list[dict[str, Any]] = []  # texts that were embedded
        self.completed: list[dict[str, Any]] = []  # completions that were asked for
        self.deleted: list[str] = []
        self.registry = Registry(
            self.held,
            takes_adapters=lambda: self.generation != "0.34.2",
            refuses_early=lambda: self.generation == "0.34.2",
        )
        self.wait = 0.0
        self.on_embed: Callable[[], None] = lambda: None
        self.is_hung = threading.Event()  # a request hangs now
        self.left = threading.Event()  # the client of one that hung has gone
        self.released = threading.Event()  # nothing hangs any longer
        self.looks_hang = False  # even the version is not told
        self.pull_hangs = False  # before its end
        self.pulled_blob = ""  # the file of what is pulled
        handler = type("Handler", (OllamaHandler,), {"double": self})
        self._server = _Server(("127.0.0.1", port), handler)
        self.port: int = self._server.server_port
        self.host = f"127.0.0.1:{self.port}"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def close(self) -> None:
        """Stop listening."""
        self.released.set()
        self._server.shutdown()
        self._server.server_close()

    @property
    def digest(self) -> str:
        """The digest of the embedder."""
        return self.held[MODEL].digest

    @digest.setter
    def digest(self, digest: str) -> None:
        self.held[MODEL].digest = digest

    @property
    def remote(self) -> str:
        """Where the embedder runs, if not here."""
        return str(self.held[MODEL].extra.get("remote_host", ""))

    @remote.setter
    def remote(self, host: str) -> None:
        self.held[MODEL].extra = {"remote_host": host}

    @property
    def texts(self) -> list[str]:
        """Every text that was embedded."""
        return [text for asked in self.asked for text in asked["input"]]

    def hang(self) -> None:
        """Say nothing more, until the test releases it."""
        self.is_hung.set()
        self.released.wait(30)

    def hang_until_left(self, connection: socket.socket) -> None:
        """The same, and notice that the client has gone."""
        self.is_hung.set()
        while not self.released.is_set() and not select.select([connection], [], [], 0.02)[0]:
            pass
        self.left.set()

    def find(self, name: str) -> Held | None:
        """A model by its name; without a tag it is the latest."""
        wanted = name if ":" in name.rpartition("/")[2] else f"{name}:latest"
        return self.held.get(wanted)

    def get(self, path: str) -> Answer:
        if self.looks_hang:
            self.hang()
        if path == "/api/version":
            return answer({"version": self.version})
        if path == "/api/tags":
            return answer({"models": [held.listed() for held in self.held.values()]})
        return 404, b"404 page not found"

    def delete(self, asked: Mapping[str, Any]) -> Answer:
        held = self.find(asked["model"])
        if held is None:
            return answer({"error": f"model '{asked['model']}' not found"}, 404)
        self.deleted.append(held.name)
        del self.held[held.name]
        return 200, b""

    def show(self, asked: Mapping[str, Any]) -> Answer:
        held = self.find(asked["model"])
        if held is None:
            return answer({"error": f"model '{asked['model']}' not found"}, 404)
        return answer(held.shown())

    def embed(self, asked: dict[str, Any]) -> Answer:
        held = self.find(asked["model"])
        if held is None:
            error = f'model "{asked["model"]}" not found, try pulling it first'
            return answer({"error": error}, 404)
        if "embedding" not in held.capabilities or self.reference is None:
            return answer({"error": "This server does not support embeddings."}, 501)
        self.on_embed()
        time.sleep(self.wait)
        if any(self.reference.tokens(text) > POSITIONS for text in asked["input"]):
            return self.too_long(POSITIONS + 1, POSITIONS)
        self.asked.append(asked)
        rows = self.reference.embed(asked["input"])
        return answer({"model": asked["model"], "embeddings": rows.tolist()})

    def too_long(self, tokens: int, context: int) -> Answer:
        """How this version refuses what is longer than the context."""
        if self.generation not in _LLAMA_SERVER:
            return answer({"error": "the input length exceeds the context length"}, 400)
        said = f"request ({tokens} tokens) exceeds the available context size ({context} tokens)"
        detail = {
            "code": 400,
            "message": f"{said}, try increasing it",
            "type": "exceed_context_size_error",
            "n_prompt_tokens": tokens,
            "n_ctx": context,
        }
        return answer({"error": json.dumps({"error": detail}, separators=(",", ":"))}, 400)

    def next_behaviour(self) -> Behaviour:
        """The behaviour of this completion."""
        return self.behaviours.pop(0) if len(self.behaviours) > 1 else self.behaviours[0]

    def finished(self, asked: Mapping[str, Any]) -> Answer | dict[str, Any]:
        """The last line of a completion, or how its prompt is refused."""
        held = self.find(asked["model"])
        if held is None:
            return answer({"error": f"model '{asked['model']}' not found"}, 404)
        if "completion" not in held.capabilities:
            what = "chat" if "messages" in asked else "generate"
            return answer({"error": f'"{held.name}" does not support {what}'}, 400)
        if asked.get("suffix") and "insert" not in held.capabilities:
            return answer({"error": f"{held.name} does not support insert"}, 400)
        options = asked.get("options", {})
        longest = held.context or 32768
        context = min(options.get("num_ctx", 4096), longest)
        turns = "".join(turn["content"] for turn in asked.get("messages", ()))
        tokens = len((turns + asked.get("prompt", "") + asked.get("suffix", "")).encode())
        if tokens > context and self.generation != "0.12.5" and asked.get("truncate") is False:
            return self.too_long(tokens, context)
        return {
            "model": asked["model"],
            "created_at": "2026-11-01T10:00:00.000000000Z",
            **({"message": {"role": "assistant", "content": ""}} if turns else {"response": ""}),
            "done": True,
            "done_reason": "stop",
            "total_duration": 5_000_000,
            "load_duration": 1_000_000,
            "prompt_eval_count": min(tokens, context),
            "prompt_eval_duration": 1_000_000,
            "eval_count": len(PIECES),
            "eval_duration": 1_000_000,
        }


__all__ = [
    "CODER",
    "CREATING",
    "DIGEST",
    "GENERATIONS",
    "MODEL",
    "PIECES",
    "Behaviour",
    "OllamaDouble",
]
