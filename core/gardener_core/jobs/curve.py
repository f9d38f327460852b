"""Store the numbers of a run for charts."""

import contextlib
import struct
from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from gardener_core.events.json import decode
from gardener_core.events.train import StepDone
from gardener_core.jobs.clock import WorkClock
from gardener_core.jobs.folder import EVENTS, is_alive
from gardener_core.system.files.atomic import write_whole
from gardener_core.system.files.regular import open_regular, parse_object, read_regular

CURVE = "curve.bin"
# `event` comes first in every line, so a step is recognised without parsing the line.
STEP_LINE = b'{"event": "StepDone"'
# The kind (at most 8 letters), step, loss, seconds, the byte of events.jsonl at which the step's
# line ends (which shows what lines a curve covers), and what else was measured of the step.
_POINT = struct.Struct("=8sdddddddd")
_COLUMNS = _POINT.size // 8
# The first record is a header with the format; a file without it is rebuilt.
HEADER = b"curve 3\0".ljust(_POINT.size, b"\0")


@dataclass(frozen=True, slots=True)
class StepCurve:
    """Every step of a run in order, as columns.

    `kind` indexes `kinds`. `seconds` are seconds of work: monotonic within an attempt, continued
    by the next attempt from the last event. So they include neither changes of the system clock,
    nor the time between attempts, nor time queued or paused. `end` is the byte of events.jsonl at
    which each step's line ends.
    """

    kinds: tuple[str, ...] = ()
    kind: "array[int]" = field(default_factory=lambda: array("B"))
    step: "array[float]" = field(default_factory=lambda: array("d"))
    loss: "array[float]" = field(default_factory=lambda: array("d"))
    seconds: "array[float]" = field(default_factory=lambda: array("d"))
    end: "array[float]" = field(default_factory=lambda: array("d"))
    learning_rate: "array[float]" = field(default_factory=lambda: array("d"))
    gradient_norm: "array[float]" = field(default_factory=lambda: array("d"))
    tokens_a_second: "array[float]" = field(default_factory=lambda: array("d"))
    memory_bytes: "array[float]" = field(default_factory=lambda: array("d"))

    @property
    def until(self) -> int:
        """The byte of events.jsonl up to which the curve has all steps."""
        return int(self.end[-1]) if self.end else 0


def point(step: StepDone, seconds: float, end: int) -> bytes:
    """One step as a record of curve.bin."""
    measured = (step.learning_rate, step.gradient_norm, step.tokens_a_second, step.memory_bytes)
    return _POINT.pack(_code(step.kind), step.step, step.loss, seconds, end, *measured)


def _code(kind: str) -> bytes:
    return kind.encode("ascii", "replace")[:8]


def read_curve(folder: Path) -> StepCurve:
    """The curve of a run, rebuilt if it does not match the events."""
    try:
        data = read_regular(folder / CURVE)
    except OSError:
        data = b""
    data = data[: len(data) - len(data) % _POINT.size]  # the last record may be incomplete
    with contextlib.suppress(ValueError, OverflowError):  # the records may be damaged
        if _fits(folder, data):
            return _columns(data[_POINT.size :])
    data, _ = _from_events(folder)
    if not is_alive(folder):  # a live run writes this file itself
        with contextlib.suppress(OSError):  # on a full or read-only disk it is rebuilt each time
            write_whole(folder / CURVE, data)
    return _columns(data[_POINT.size :])


def rebuild_curve(folder: Path) -> WorkClock:
    """Rebuild the file for a new attempt; the run's clock so far."""
    data, clock = _from_events(folder)
    write_whole(folder / CURVE, data)
    return clock


def _columns(data: bytes) -> StepCurve:
    names, numbers = array("Q"), array("d")
    names.frombytes(data)
    numbers.frombytes(data)
    codes = names[::_COLUMNS]
    uniform = codes.tobytes() == data[:8] * len(codes)  # mostly; a dictionary costs 5 ms
    index = {code: at for at, code in enumerate(dict.fromkeys(codes[:1] if uniform else codes))}
    kind = bytes(len(codes)) if uniform else bytes(map(index.__getitem__, codes))
    return StepCurve(
        kinds=tuple(struct.pack("=Q", code).rstrip(b"\0").decode("ascii") for code in index),
        kind=array("B", kind),
        step=numbers[1::_COLUMNS],
        loss=numbers[2::_COLUMNS],
        seconds=numbers[3::_COLUMNS],
        end=numbers[4::_COLUMNS],
        learning_rate=numbers[5::_COLUMNS],
        gradient_norm=numbers[6::_COLUMNS],
        tokens_a_second=numbers[7::_COLUMNS],
        memory_bytes=numbers[8::_COLUMNS],
    )


def _fits(folder: Path, data: bytes) -> bool:
    """Whether the format is ours and the last record matches its event."""
    if not data.startswith(HEADER):
        return False
    try:
        with open_regular(folder / EVENTS) as file:
            if len(data) == len(HEADER):
                return STEP_LINE not in file.read()
            kind, step, _loss, _seconds, end, *_ = _POINT.unpack(data[-_POINT.size :])
            start = max(0, int(end) - 4096)
            file.seek(start)
            line = file.read(int(end) - start).splitlines()[-1]
            fields = parse_object(line)
    except OSError:
        return len(data) == len(HEADER)
    except (ValueError, IndexError, OverflowError):
        return False
    return bool(fields.get("step") == step and _code(str(fields.get("kind"))) == kind.rstrip(b"\0"))


def _from_events(folder: Path) -> tuple[bytes, WorkClock]:
    points: list[bytes] = [HEADER]
    clock = WorkClock()
    for line, end in _whole_lines(folder / EVENTS):
        try:
            fields = parse_object(line)
            seconds = clock.advance(
                str(fields["event"]), int(fields["attempt"]), float(fields["mono"])
            )
            step = decode(fields) if line.startswith(STEP_LINE) else None
            if isinstance(step, StepDone):
                points.append(point(step, seconds, end))
        except (ValueError, KeyError, TypeError, OverflowError, struct.error):
            continue
    return b"".join(points), clock


def _whole_lines(path: Path) -> Iterator[tuple[bytes, int]]:
    """Each complete line, and the byte at which it ends."""
    end = 0
    with contextlib.suppress(OSError), open_regular(path) as file:
        for line in file:
            end += len(line)
            if line.endswith(b"}\n"):
                yield line, end
