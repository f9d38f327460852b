"""Follow the events of a run, live or past."""

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
from gardener_core.jobs.curve import STEP_LINE, StepCurve, read_curve
from gardener_core.jobs.folder import EVENTS, LOG, is_alive, read_request, silent_seconds
from gardener_core.store.garden.runs import ENDED, Run, RunState
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
_LATEST = 1e12  # seconds; the largest time that is valid


@dataclass(frozen=True, slots=True)
class LoggedEvent:
    """An event, its attempt, and its monotonic time there."""

    attempt: int
    event: Event
    monotonic: float | None = None


@dataclass(frozen=True, slots=True)
class TimedEvent:
    """An event, and the seconds that the run had worked until then."""

    event: Event
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Steps:
    """Consecutive steps of one kind, in columns named as the fields of `StepDone`."""

    kind: str
    step: "array[float]"
    loss: "array[float]"
    seconds: "array[float]"
    learning_rate: "array[float]"
    gradient_norm: "array[float]"
    tokens_a_second: "array[float]"
    memory_bytes: "array[float]"


Batch = list[TimedEvent | Steps]


def never() -> bool:
    """Never stop following."""
    return False


def follow(folder: Path, stop: Callable[[], bool] = never) -> Iterator[list[Event]]:
    """Every event in batches; an empty one means caught up, still live.

    Ends after the run's final event, or with `Died` if there is none.
    """
    for batch in _batches(folder, stop, _Reader(folder)):
        yield [item.event for item in batch if isinstance(item, TimedEvent)]


def read_run(folder: Path, stop: Callable[[], bool] = never) -> Iterator[list[TimedEvent | Steps]]:
    """The same with seconds of work, and with steps in columns.

    Order and numbers are those of a reader that followed from the beginning. A hundred thousand
    steps take a few milliseconds.
    """
    return _batches(folder, stop, _Reader(folder, read_curve(folder)))


def _batches(
    folder: Path, stop: Callable[[], bool], reader: "_Reader"
) -> Iterator[list[TimedEvent | Steps]]:
    silent = False
    while not stop():
        alive = is_alive(folder)  # before reading, so that the last events of a dying run are read
        events = reader.read()
        if events:
            silent = False
            yield events
        elif _has_ended(folder, reader.last):
            return
        elif not alive:
            died = Died(tail(folder / LOG) or "The process ended without a message.")
            yield [TimedEvent(died, reader.clock.working_seconds)]
            return
        else:
            seconds = silent_seconds(folder)
            is_new = bool(seconds) and not silent
            yield (
                [TimedEvent(Silent(round(seconds)), reader.clock.working_seconds)] if is_new else []
            )
            silent = bool(seconds)
        time.sleep(BATCH_SECONDS)


@dataclass(frozen=True, slots=True)
class RunStatus:
    """A run as its folder shows it now, and its progress in the present phase."""

    run: Run
    phase: PhaseAdvanced | None = None


def current_run(folder: Path, run: Run) -> Run:
    """The run as its folder shows it now; files read count as its steps."""
    return run_status(folder, run).run


def run_status(folder: Path, run: Run) -> RunStatus:
    """The same, with the present phase and its steps."""
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


def failure_of(folder: Path) -> str:
    """What the last attempt of a run that has ended failed with; empty if it did not."""
    reader = _Reader(folder)
    reader.skip_to_tail()
    lines = reader.lines()
    match lines[-1].event if lines else None:
        case Failed(what=what):
            return what
        case Finished() | Stopped():
            return ""
        case _:
            return tail(folder / LOG) or "The process ended without a message."


def last_attempt(folder: Path) -> int:
    """The number of the last attempt that wrote an event; 0 if none did."""
    reader = _Reader(folder)
    reader.skip_to_tail()
    return max((line.attempt for line in reader.lines()), default=0)


def _state(folder: Path, lines: Iterable[LoggedEvent], alive: bool) -> RunState:
    attempt = read_request(folder).attempt
    state: RunState = "starting"
    for line in lines:
        if line.attempt >= attempt:
            state = _STATE_AFTER.get(type(line.event), state)
    return state if alive or state in ENDED else "died"


def _has_ended(folder: Path, last: LoggedEvent | None) -> bool:
    """Whether the run's final event is that of its last attempt."""
    if last is None or not isinstance(last.event, _ENDS):
        return False
    return last.attempt >= read_request(folder).attempt


class _Reader:
    """Reads complete lines and skips invalid ones."""

    def __init__(self, folder: Path, curve: StepCurve | None = None) -> None:
        self._path = folder / EVENTS
        self._at = 0
        self._curve = curve or StepCurve()  # the steps that it covers come in columns
        self.clock = WorkClock()
        self.last: LoggedEvent | None = None

    def skip_to_tail(self) -> None:
        """Move close to the end; the line that is cut there is skipped."""
        try:
            self._at = max(0, os.stat(self._path).st_size - TAIL_BYTES)
        except OSError:
            self._at = 0

    def lines(self) -> list[LoggedEvent]:
        """The valid lines since the last call."""
        lines = [_parse(text) for text in self._new().splitlines()]
        return [line for line in lines if line is not None]

    def read(self) -> list[TimedEvent | Steps]:
        """The events since the last call."""
        known = max(0, self._curve.until - self._at)
        new = self._new()
        events: list[TimedEvent | Steps] = list(self._from_curve(new[:known])) if known else []
        for text in new[known:].splitlines():
            events += self._timed(text)
        return events

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

    def _timed(self, text: bytes) -> Iterator[TimedEvent]:
        line = _parse(text)
        if line is not None:
            self.last = line
            name = type(line.event).__name__
            if line.monotonic is not None:
                self.clock.advance(name, line.attempt, line.monotonic)
            yield TimedEvent(line.event, self.clock.working_seconds)

    def _from_curve(self, data: bytes) -> Iterator[TimedEvent | Steps]:
        """The events up to the last step of the curve."""
        start = first = 0
        for at, end in enumerate(map(int, self._curve.end)):
            if not data.startswith(STEP_LINE, start):
                yield from self._columns(data, first, at)
                first = at
                for text in data[start : data.rfind(b"\n", start, end - 1) + 1].splitlines():
                    yield from self._timed(text)
            start = end
        yield from self._columns(data, first, len(self._curve.end))

    def _columns(self, data: bytes, start: int, end: int) -> Iterator[TimedEvent | Steps]:
        """Consecutive steps as columns; the last of a kind is an event."""
        curve = self._curve
        while start < end:
            kind = curve.kind[start]
            until = end
            if curve.kind[start:end].count(kind) < end - start:
                until = next(at for at in range(start, end) if curve.kind[at] != kind)
            part = slice(start, until - 1)
            if until - 1 > start:
                yield Steps(
                    curve.kinds[kind],
                    curve.step[part],
                    curve.loss[part],
                    curve.seconds[part],
                    curve.learning_rate[part],
                    curve.gradient_norm[part],
                    curve.tokens_a_second[part],
                    curve.memory_bytes[part],
                )
            line_end = int(curve.end[until - 1])
            yield from self._timed(data[data.rfind(b"\n", 0, line_end - 1) + 1 : line_end])
            start = until


def _is_other(phase: PhaseAdvanced | None, kind: str) -> bool:
    """Whether a plan is of another kind than the steps before it."""
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
