"""Follow a run by its folder, live or past."""

import os
import time
from array import array
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from gardener_core.events.index import FilesRead
from gardener_core.events.json import decode
from gardener_core.events.run import (
    Died,
    Failed,
    Finished,
    Paused,
    PhaseAdvanced,
    Queued,
    Resumed,
    Silent,
    Started,
    Stopped,
)
from gardener_core.events.train import Planned, StepDone
from gardener_core.events.union import Event
from gardener_core.jobs.clock import WorkClock
from gardener_core.jobs.curve import STEP_LINE, LossCurve, read_curve
from gardener_core.jobs.folder import EVENTS, LOG, is_alive, read_wish, silent_seconds
from gardener_core.store.garden.runs import Run, RunState
from gardener_core.system.files.regular import open_regular, parse_object
from gardener_core.system.log import tail

BATCH_SECONDS = 0.1
TAIL_BYTES = 256_000

_STATE_AFTER: dict[type, RunState] = {
    Queued: "queued",
    Started: "running",
    Resumed: "running",
    Paused: "paused",
    Finished: "finished",
    Failed: "failed",
    Stopped: "stopped",
}
_ENDS = (Finished, Failed, Stopped)
_LATEST = 1e12  # seconds; no clock of ours goes further


@dataclass(frozen=True, slots=True)
class LoggedEvent:
    """An event, the attempt that told it, and its monotonic time there."""

    attempt: int
    event: Event
    monotonic: float | None = None


@dataclass(frozen=True, slots=True)
class TimedEvent:
    """A fact, and the seconds that the run had worked by then."""

    event: Event
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Steps:
    """Steps of one kind in a row, in columns; no other fact was told between them."""

    kind: str
    step: "array[float]"
    loss: "array[float]"
    seconds: "array[float]"


def never() -> bool:
    """The question whether to stop, answered no."""
    return False


def follow(folder: Path, stop: Callable[[], bool] = never) -> Iterator[list[Event]]:
    """Every event from the beginning, in batches; an empty batch means caught up, still live.

    Ends after the run's last word, or with `Died` where it ended without one.
    """
    for batch in _batches(folder, stop, _Reader(folder)):
        yield [told.event for told in batch if isinstance(told, TimedEvent)]


def read_run(folder: Path, stop: Callable[[], bool] = never) -> Iterator[list[TimedEvent | Steps]]:
    """The same with the run's own clock, and what curve.bin holds in columns.

    However much was told before the reader came, the order and the numbers are those that a
    reader saw who was there from the beginning. A hundred thousand steps take a blink.
    """
    return _batches(folder, stop, _Reader(folder, read_curve(folder)))


def _batches(
    folder: Path, stop: Callable[[], bool], reader: "_Reader"
) -> Iterator[list[TimedEvent | Steps]]:
    silent = False
    while not stop():
        alive = is_alive(folder)  # asked before reading: what a dying run wrote is still read
        told = reader.read()
        if told:
            silent = False
            yield told
        elif _has_ended(folder, reader.last):
            return
        elif not alive:
            died = Died(tail(folder / LOG) or "The process ended without a word.")
            yield [TimedEvent(died, reader.clock.worked)]
            return
        else:
            seconds = silent_seconds(folder)
            fresh = bool(seconds) and not silent
            yield [TimedEvent(Silent(round(seconds)), reader.clock.worked)] if fresh else []
            silent = bool(seconds)
        time.sleep(BATCH_SECONDS)


@dataclass(frozen=True, slots=True)
class RunStatus:
    """A run as its folder tells it now, and how far it is in the part of its work it is at."""

    run: Run
    phase: PhaseAdvanced | None = None


def current_run(folder: Path, run: Run) -> Run:
    """The run's state as its folder tells it now; what reads files counts these as its steps."""
    return run_status(folder, run).run


def run_status(folder: Path, run: Run) -> RunStatus:
    """The same, with the part of its work that the run is at; its steps are those of that part."""
    alive = is_alive(folder)
    reader = _Reader(folder)
    reader.skip_to_tail()
    lines = reader.lines()
    phase: PhaseAdvanced | None = None
    for line in lines:
        match line.event:
            case StepDone(step=step, steps=steps, loss=loss, kind=kind):
                run = replace(run, step=step, steps=steps, loss=loss)
                phase = PhaseAdvanced("growing" if kind == "grow" else "training", step, steps)
            case Planned(steps=steps, kind=kind) if run.steps != steps or _is_other(phase, kind):
                run = replace(run, step=0, steps=steps, loss=None)
            case FilesRead(done=done, total=total):
                run, phase = replace(run, step=done, steps=total), None
            case PhaseAdvanced() as advanced:
                phase = advanced
            case _:
                pass
    return RunStatus(replace(run, state=_state(folder, lines, alive)), phase)


def last_attempt(folder: Path) -> int:
    """The number of the attempt that told something last; 0 where nothing was told."""
    reader = _Reader(folder)
    reader.skip_to_tail()
    return max((line.attempt for line in reader.lines()), default=0)


def _state(folder: Path, lines: Iterable[LoggedEvent], alive: bool) -> RunState:
    attempt = read_wish(folder).attempt
    state: RunState = "starting"
    for line in lines:
        if line.attempt >= attempt:
            state = _STATE_AFTER.get(type(line.event), state)
    ended = state in ("finished", "failed", "stopped")
    return state if alive or ended else "died"


def _has_ended(folder: Path, last: LoggedEvent | None) -> bool:
    """A last word counts only if no newer attempt was started since."""
    if last is None or not isinstance(last.event, _ENDS):
        return False
    return last.attempt >= read_wish(folder).attempt


class _Reader:
    """Reads whole lines; a torn last one waits until it is closed, junk is passed over."""

    def __init__(self, folder: Path, curve: LossCurve | None = None) -> None:
        self._path = folder / EVENTS
        self._at = 0
        self._curve = curve or LossCurve()  # up to where it goes, steps come in columns
        self.clock = WorkClock()
        self.last: LoggedEvent | None = None

    def skip_to_tail(self) -> None:
        """Go near the end; the line that is cut there is junk and passed over."""
        try:
            self._at = max(0, os.stat(self._path).st_size - TAIL_BYTES)
        except OSError:
            self._at = 0

    def lines(self) -> list[LoggedEvent]:
        """The lines that came since the last call, whatever they tell."""
        lines = [_parse(text) for text in self._new().splitlines()]
        return [line for line in lines if line is not None]

    def read(self) -> list[TimedEvent | Steps]:
        """What was told since the last call."""
        known = max(0, self._curve.until - self._at)
        new = self._new()
        told: list[TimedEvent | Steps] = list(self._known(new[:known])) if known else []
        for text in new[known:].splitlines():
            told += self._told(text)
        return told

    def _new(self) -> bytes:
        try:
            with open_regular(self._path) as file:
                file.seek(self._at)
                data = file.read()
        except OSError:
            return b""
        whole = data[: data.rfind(b"\n") + 1]
        self._at += len(whole)
        return whole

    def _told(self, text: bytes) -> Iterator[TimedEvent]:
        line = _parse(text)
        if line is not None:
            self.last = line
            name = type(line.event).__name__
            if line.monotonic is not None:
                self.clock.take(name, line.attempt, line.monotonic)
            yield TimedEvent(line.event, self.clock.worked)

    def _known(self, data: bytes) -> Iterator[TimedEvent | Steps]:
        """What was told up to the last step of the curve; only lines that are no steps are read."""
        start = first = 0
        for at, end in enumerate(map(int, self._curve.end)):
            if not data.startswith(STEP_LINE, start):
                yield from self._columns(data, first, at)
                first = at
                for text in data[start : data.rfind(b"\n", start, end - 1) + 1].splitlines():
                    yield from self._told(text)
            start = end
        yield from self._columns(data, first, len(self._curve.end))

    def _columns(self, data: bytes, start: int, end: int) -> Iterator[TimedEvent | Steps]:
        """Steps that stand in a row; the last one of each kind comes whole, with all it tells."""
        curve = self._curve
        while start < end:
            kind = curve.kind[start]
            until = end
            if curve.kind[start:end].count(kind) < end - start:
                until = next(at for at in range(start, end) if curve.kind[at] != kind)
            part = slice(start, until - 1)
            if until - 1 > start:
                name = curve.kinds[kind]
                yield Steps(name, curve.step[part], curve.loss[part], curve.seconds[part])
            line_end = int(curve.end[until - 1])
            yield from self._told(data[data.rfind(b"\n", 0, line_end - 1) + 1 : line_end])
            start = until


def _is_other(phase: PhaseAdvanced | None, kind: str) -> bool:
    """Whether a plan is of another kind than the steps that came before it."""
    return phase is not None and (phase.phase == "growing") != (kind == "grow")


def _parse(text: bytes) -> LoggedEvent | None:
    try:
        fields = parse_object(text)
        attempt = fields.pop("attempt")
        monotonic = fields.pop("mono", None)
        for name in ("seq", "wall"):
            fields.pop(name, None)
        known = isinstance(monotonic, int | float) and abs(monotonic) < _LATEST
        event = decode(fields)
        return (
            LoggedEvent(attempt, event, monotonic if known else None)
            if type(attempt) is int
            else None
        )
    except (ValueError, KeyError):
        return None
