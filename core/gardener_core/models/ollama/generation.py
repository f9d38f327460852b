"""Let an Ollama server continue code."""

import http.client
import json
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from gardener_core.errors import OllamaBusy, OllamaDown, OllamaRefused
from gardener_core.models.ollama.client import OK, ErrorStatus, Ollama

# A server that starts again is asked again after so long; it is tried sooner once it listens.
WAITS = (1.0, 2.0, 4.0, 8.0)
NO_WAITS: tuple[float, ...] = ()
LOOK_SECONDS = 0.5
ANSWER_SECONDS = 300.0  # until the first line: a model may have to be loaded
LONGEST_LINE = 1_000_000
KEEP_ALIVE = "10m"


@dataclass(frozen=True, slots=True)
class OllamaPrompt:
    """What a model continues; with a suffix it fills in what is between.

    `context` is what the server reserves: by itself it would take 4,096 tokens, and cut a longer
    prompt in the middle without a word.
    """

    model: str
    prompt: str
    tokens: int
    context: int
    suffix: str = ""


@dataclass(frozen=True, slots=True)
class Waiting:
    """The server does not answer now; it is asked again."""

    reason: str
    seconds: float


def continue_code(
    server: Ollama,
    prompt: OllamaPrompt,
    cancelled: Callable[[], bool],
    waits: tuple[float, ...] = WAITS,
) -> Iterator[str | Waiting]:
    """The continuation piece by piece; closing the generator ends the request.

    A server that is down or busy is asked again, as long as nothing of an answer has come.
    """
    for wait in (*waits, None):
        begun = False
        try:
            for piece in _pieces(server, prompt):
                begun = True
                yield piece
            return
        except (OllamaDown, OllamaBusy) as problem:
            if begun or wait is None or cancelled():
                raise
            yield Waiting(problem.what, wait)
        _wait_until_it_listens(server, wait, cancelled)


def _pieces(server: Ollama, prompt: OllamaPrompt) -> Iterator[str]:
    kind = http.client.HTTPSConnection if server.secure else http.client.HTTPConnection
    connection = kind(server.host, server.port, timeout=ANSWER_SECONDS)
    try:
        connection.request(
            "POST", "/api/generate", json.dumps(_body(prompt)), {"Content-Type": "application/json"}
        )
        response = connection.getresponse()
        if response.status != OK:
            raise ErrorStatus(response.status, _message(response.read(LONGEST_LINE)))
        finished = False
        while not finished and (line := response.readline(LONGEST_LINE)):
            fields = _fields(line)
            if "error" in fields:  # the status was sent before: an error comes as a line
                raise OllamaRefused(
                    f"Ollama at {server.address} failed: {fields['error']}.",
                    hint="Look into its log.",
                )
            finished = fields.get("done") is True
            if fields.get("response"):
                yield str(fields["response"])
        if not finished:
            raise OllamaDown(
                f"Ollama at {server.address} stopped in mid-answer.", hint="Look into its log."
            )
    except ErrorStatus as problem:
        raise problem.error(server.address, f"a request to {prompt.model}") from None
    except (OSError, ValueError, http.client.HTTPException) as problem:
        raise OllamaDown(
            f"Ollama does not answer at {server.address}: {problem}.", hint="Run: ollama serve"
        ) from None
    finally:
        connection.close()


def _body(prompt: OllamaPrompt) -> Mapping[str, Any]:
    """Raw, so that no chat template is put around code; a suffix needs the model's own form."""
    body = {
        "model": prompt.model,
        "prompt": prompt.prompt,
        "stream": True,
        "truncate": False,
        "shift": False,
        "keep_alive": KEEP_ALIVE,
        "options": {
            "num_ctx": prompt.context,
            "num_predict": prompt.tokens,
            "temperature": 0,
            "seed": 0,
        },
    }
    return {**body, "suffix": prompt.suffix} if prompt.suffix else {**body, "raw": True}


def _fields(line: bytes) -> dict[str, Any]:
    fields = json.loads(line)
    if not isinstance(fields, dict):
        raise ValueError("it answers with something that is no object")
    return fields


def _message(body: bytes) -> str:
    """The text of an error; a proxy may answer with something that is no JSON."""
    try:
        return str(_fields(body).get("error", ""))
    except ValueError:
        return body[:200].decode("utf-8", "replace").strip()


def _wait_until_it_listens(server: Ollama, seconds: float, cancelled: Callable[[], bool]) -> None:
    """Wait so long, or until the server answers again."""
    end = time.monotonic() + seconds
    while not cancelled() and (left := end - time.monotonic()) > 0:
        time.sleep(min(LOOK_SECONDS, left))
        try:
            server.version()
        except OllamaDown:
            continue
        return
