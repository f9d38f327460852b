"""Follow a run by its folder, live or past."""

import os
import re
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from gardener_core.events import (
    Died,
    Event,
    Failed,
    FilesRead,
    Finished,
    Paused,
    Queued,
    Resumed,
    Silent,
    Started,
    StepDone,
    Stopped,
)
from gardener_core.jobs.curve import STEP_LINE, Curve
from gardener_core.jobs.folder import EVENTS, LOG, is_alive, read_wish, silent_seconds
from gardener_core.keeping.runs import Run
from gardener_core.logs import tail
from gardener_core.regular_files import open_regular, parse_object
from gardener_core.telling import decode

BATCH_SECONDS = 0.1
TAIL_BYTES = 256_000

_STATE_AFTER: dict[type, str] = {
    Queued: "queued",
    Started: "running",
    Resumed: "running",
    Paused: "paused",
    Finished: "finished",
    Failed: "failed",
    Stopped: "stopped",
}
_STEPS = re.compile(rb"^%b.*\n" % re.escape(STEP_LINE), re.MULTILINE)
_ENDS = (Finished, Failed, Stopped)


@dataclass(frozen=True, slots=True)
class Line:
    """An event and the attempt that told it."""

    attempt: int
    event: Event


def never() -> bool:
    """The question whether to stop, answered no."""
    return False


def follow(
    folder: Path, stop: Callable[[], bool] = never, curve: Curve | None = None
) -> Iterator[list[Event]]:
    """Every event from the beginning, in batches; an empty batch means caught up, still live.

    Ends after the run's last word, or with `Died` where it ended without one. Steps that the
    curve holds are not told again.
    """
    reader = _Reader(folder, curve.until if curve else 0)
    last: Line | None = None
    silent = False
    while not stop():
        alive = is_alive(folder)  # asked before reading: what a dying run wrote is still read
        lines = reader.read()
        if lines:
            last, silent = lines[-1], False
            yield [line.event for line in lines]
        elif _has_ended(folder, last):
            return
        elif not alive:
            yield [Died(tail(folder / LOG) or "The process ended without a word.")]
            return
        else:
            seconds = silent_seconds(folder)
            yield [] if silent or not seconds else [Silent(round(seconds))]
            silent = bool(seconds)
        time.sleep(BATCH_SECONDS)


def look(folder: Path, run: Run) -> Run:
    """The run's state as its folder tells it now; what reads files counts these as its steps."""
    alive = is_alive(folder)
    reader = _Reader(folder)
    reader.skip_to_tail()
    lines = reader.read()
    for line in lines:
        if isinstance(line.event, StepDone):
            step = line.event
            run = replace(run, step=step.step, steps=step.steps, loss=step.loss)
        elif isinstance(line.event, FilesRead):
            run = replace(run, step=line.event.done, steps=line.event.total)
    return replace(run, state=_state(folder, lines, alive))


def last_attempt(folder: Path) -> int:
    """The number of the attempt that told something last; 0 where nothing was told."""
    reader = _Reader(folder)
    reader.skip_to_tail()
    return max((line.attempt for line in reader.read()), default=0)


def _state(folder: Path, lines: Iterable[Line], alive: bool) -> str:
    attempt = read_wish(folder).attempt
    state = "starting"
    for line in lines:
        if line.attempt >= attempt:
            state = _STATE_AFTER.get(type(line.event), state)
    ended = state in ("finished", "failed", "stopped")
    return state if alive or ended else "died"


def _has_ended(folder: Path, last: Line | None) -> bool:
    """A last word counts only if no newer attempt was started since."""
    if last is None or not isinstance(last.event, _ENDS):
        return False
    return last.attempt >= read_wish(folder).attempt


class _Reader:
    """Reads whole lines; a torn last one waits until it is closed, junk is passed over."""

    def __init__(self, folder: Path, held: int = 0) -> None:
        self._path = folder / EVENTS
        self._at = 0
        self._held = held  # up to this byte, steps are known already

    def skip_to_tail(self) -> None:
        """Go near the end; the line that is cut there is junk and passed over."""
        try:
            self._at = max(0, os.stat(self._path).st_size - TAIL_BYTES)
        except OSError:
            self._at = 0

    def read(self) -> list[Line]:
        """The lines that came since the last call."""
        try:
            with open_regular(self._path) as file:
                file.seek(self._at)
                data = file.read()
        except OSError:
            return []
        whole = data[: data.rfind(b"\n") + 1]
        known = max(0, self._held - self._at)
        self._at += len(whole)
        new = _STEPS.sub(b"", whole[:known]) + whole[known:]
        return [line for text in new.splitlines() if (line := _parse(text)) is not None]


def _parse(text: bytes) -> Line | None:
    try:
        fields = parse_object(text)
        attempt = fields.pop("attempt")
        for name in ("seq", "mono", "wall"):
            fields.pop(name, None)
        return Line(attempt, decode(fields)) if type(attempt) is int else None
    except (ValueError, KeyError):
        return None
