"""Serve one encoder over stdin and stdout."""

import dataclasses
import json
import os
import queue
import sys
import threading
from collections.abc import Callable, Mapping
from typing import Any, BinaryIO

from gardener_core.errors import GardenError
from gardener_core.models.encoders.encoder import Encoder, TooLong

NICE = 5


def claim_stdout() -> BinaryIO:
    """Lower the priority and take stdout; what libraries print goes to stderr from now on."""
    os.nice(NICE)
    os.umask(0o077)
    output = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return output


def main(output: BinaryIO, open_encoder: Callable[[Mapping[str, Any]], Encoder]) -> None:
    """Open the encoder that argv asks for, then answer requests line by line."""
    requests: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    # A thread of its own, so that the end of the parent is noticed in the middle of an answer.
    threading.Thread(target=_listen, args=(requests,), daemon=True).start()
    try:
        encoder = open_encoder(json.loads(sys.argv[1]))
    except GardenError as problem:
        _write(output, _error(problem))
        os._exit(1)
    _write(output, {})
    while True:
        fields = json.loads(requests.get())
        try:
            _write(output, {"numbers": encoder.encode(fields["texts"], fields["role"])})
        except TooLong:
            _write(output, {"too_long": True})
        except GardenError as problem:
            _write(output, _error(problem))


def _listen(requests: "queue.SimpleQueue[bytes]") -> None:
    for line in sys.stdin.buffer:
        requests.put(line)
    os._exit(0)


def _error(problem: GardenError) -> Mapping[str, Any]:
    remedy = dataclasses.asdict(problem.remedy) if problem.remedy else None
    error = {"code": problem.code, "what": problem.what, "hint": problem.hint, "remedy": remedy}
    return {"error": error}


def _write(output: BinaryIO, fields: Mapping[str, Any]) -> None:
    output.write(json.dumps(fields).encode() + b"\n")
    output.flush()
