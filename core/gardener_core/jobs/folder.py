"""Read and write the files of a run's folder."""

import json
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from gardener_core.system.files.atomic import write_whole
from gardener_core.system.files.regular import read_object
from gardener_core.system.locks import is_locked

EVENTS = "events.jsonl"
LOG = "log.txt"
KEEP = "keep"  # there if what was learned is to be made an adapter, without another step
REQUEST = "wish"  # the name of the file in released versions
SILENT_AFTER_SECONDS = 10.0
LARGEST_REQUEST_BYTES = 4096
MOST_ATTEMPTS = 1_000_000

RequestedState = Literal["go", "pause", "stop", "drop"]


@dataclass(frozen=True, slots=True)
class RunRequest:
    """What the user wants of an attempt: a state, not an order."""

    attempt: int
    run: RequestedState = "go"
    checkpoint: int = 0


def read_request(folder: Path) -> RunRequest:
    """The present request; attempt 0 means that nothing was ever started."""
    try:
        fields = read_object(folder / REQUEST, LARGEST_REQUEST_BYTES)
        attempt, run, checkpoint = fields["attempt"], fields["run"], fields["checkpoint"]
    except (OSError, ValueError, KeyError):
        return RunRequest(0)
    numbers = all(type(n) is int and 0 <= n < MOST_ATTEMPTS for n in (attempt, checkpoint))
    return (
        RunRequest(attempt, run, checkpoint)
        if numbers and run in get_args(RequestedState)
        else RunRequest(0)
    )


def write_request(folder: Path, request: RunRequest) -> None:
    """Replace the request."""
    fields = {"attempt": request.attempt, "run": request.run, "checkpoint": request.checkpoint}
    write_whole(folder / REQUEST, json.dumps(fields).encode())


def is_alive(folder: Path) -> bool:
    """Whether a process holds the run's lock."""
    return is_locked(folder / "alive")


def silent_seconds(folder: Path) -> float:
    """How long a live run's pulse has been missing; 0 while it beats.

    The pulse's time is monotonic, so setting the system clock has no effect.
    """
    try:
        age = time.monotonic() - (folder / "pulse").stat().st_mtime
    except OSError:
        return 0.0
    return age if age > SILENT_AFTER_SECONDS else 0.0
