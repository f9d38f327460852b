"""The folder of a run: its files, and who may say what in them."""

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
WISH = "wish"
SILENT_AFTER_SECONDS = 10.0
LARGEST_WISH_BYTES = 4096
MOST_ATTEMPTS = 1_000_000

Want = Literal["go", "pause", "stop", "drop"]


@dataclass(frozen=True, slots=True)
class Wish:
    """What the user wants of one attempt: a level, not an order, so it may be read any time."""

    attempt: int
    run: Want = "go"
    checkpoint: int = 0


def read_wish(folder: Path) -> Wish:
    """The present wish; attempt 0 means that nothing was ever started."""
    try:
        fields = read_object(folder / WISH, LARGEST_WISH_BYTES)
        attempt, run, checkpoint = fields["attempt"], fields["run"], fields["checkpoint"]
    except (OSError, ValueError, KeyError):
        return Wish(0)
    numbers = all(type(n) is int and 0 <= n < MOST_ATTEMPTS for n in (attempt, checkpoint))
    return Wish(attempt, run, checkpoint) if numbers and run in get_args(Want) else Wish(0)


def write_wish(folder: Path, wish: Wish) -> None:
    """Put a wish in place of the old one."""
    fields = {"attempt": wish.attempt, "run": wish.run, "checkpoint": wish.checkpoint}
    write_whole(folder / WISH, json.dumps(fields).encode())


def is_alive(folder: Path) -> bool:
    """Whether a process holds the run; a process id would lie, a lock does not."""
    return is_locked(folder / "alive")


def silent_seconds(folder: Path) -> float:
    """For how long a living run's pulse has stood still; 0 while it beats.

    The pulse's time is of the monotonic clock, so a clock that is set makes nobody silent.
    """
    try:
        age = time.monotonic() - (folder / "pulse").stat().st_mtime
    except OSError:
        return 0.0
    return age if age > SILENT_AFTER_SECONDS else 0.0
