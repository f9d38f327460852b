"""Serve one encoder over stdin and stdout until the other side goes."""

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


def settle() -> BinaryIO:
    """A private copy of stdout; what libraries print goes to stderr, so before they load."""
    os.nice(NICE)
    os.umask(0o077)
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return answers


def main(answers: BinaryIO, opened: Callable[[Mapping[str, Any]], Encoder]) -> None:
    """Open what argv asks for, then answer line by line."""
    asked: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    # Its own thread, so that the end of the parent is seen in the middle of an answer.
    threading.Thread(target=_listen, args=(asked,), daemon=True).start()
    try:
        encoder = opened(json.loads(sys.argv[1]))
    except GardenError as problem:
        _say(answers, _told(problem))
        os._exit(1)
    _say(answers, {})
    while True:
        fields = json.loads(asked.get())
        try:
            _say(answers, {"numbers": encoder.encode(fields["texts"], fields["role"])})
        except TooLong:
            _say(answers, {"too_long": True})
        except GardenError as problem:
            _say(answers, _told(problem))


def _listen(asked: "queue.SimpleQueue[bytes]") -> None:
    for line in sys.stdin.buffer:
        asked.put(line)
    os._exit(0)


def _told(problem: GardenError) -> Mapping[str, Any]:
    remedy = dataclasses.asdict(problem.remedy) if problem.remedy else None
    error = {"code": problem.code, "what": problem.what, "hint": problem.hint, "remedy": remedy}
    return {"error": error}


def _say(answers: BinaryIO, fields: Mapping[str, Any]) -> None:
    answers.write(json.dumps(fields).encode() + b"\n")
    answers.flush()
