"""The losses of a run in fixed width, for charts."""

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
# `event` stands first in every line, so a step is known without parsing it.
STEP_LINE = b'{"event": "StepDone"'
# The kind (our own words, at most 8 letters), step, loss, seconds, and the byte of events.jsonl
# at which the step's line ends: by it a curve says for itself which lines it holds.
_POINT = struct.Struct("=8sdddd")
_COLUMNS = _POINT.size // 8
# The first record says how the rest is to be read; a file without it is made again.
HEADER = b"curve 2\0".ljust(_POINT.size, b"\0")


@dataclass(frozen=True, slots=True)
class LossCurve:
    """Every step of a run, a column each, in the order in which they were told.

    `kind` indexes `kinds`. `seconds` are seconds of work: monotonic within an attempt; the next
    attempt goes on where the last one's last event was. So neither a clock that is set, nor the
    night between two attempts, nor the time in the queue or paused is in them. `end` is the byte
    of events.jsonl at which each step's line ends.
    """

    kinds: tuple[str, ...] = ()
    kind: "array[int]" = field(default_factory=lambda: array("B"))
    step: "array[float]" = field(default_factory=lambda: array("d"))
    loss: "array[float]" = field(default_factory=lambda: array("d"))
    seconds: "array[float]" = field(default_factory=lambda: array("d"))
    end: "array[float]" = field(default_factory=lambda: array("d"))

    @property
    def until(self) -> int:
        """The byte of events.jsonl up to which steps are held here."""
        return int(self.end[-1]) if self.end else 0


def point(step: StepDone, seconds: float, end: int) -> bytes:
    """One step as it stands in curve.bin."""
    return _POINT.pack(_code(step.kind), step.step, step.loss, seconds, end)


def _code(kind: str) -> bytes:
    return kind.encode("ascii", "replace")[:8]


def read_curve(folder: Path) -> LossCurve:
    """The curve of a run; made again from the events where the file does not fit them."""
    try:
        data = read_regular(folder / CURVE)
    except OSError:
        data = b""
    data = data[: len(data) - len(data) % _POINT.size]  # a point may just be being written
    with contextlib.suppress(ValueError, OverflowError):  # what is in between may be no point
        if _fits(folder, data):
            return _columns(data[_POINT.size :])
    data, _ = _from_events(folder)
    if not is_alive(folder):  # a living run writes this file itself
        with contextlib.suppress(OSError):  # on a full or closed disk it is made again each time
            write_whole(folder / CURVE, data)
    return _columns(data[_POINT.size :])


def mend_curve(folder: Path) -> WorkClock:
    """Make the file whole before an attempt adds to it; the run's clock as it stood at the end."""
    data, clock = _from_events(folder)
    write_whole(folder / CURVE, data)
    return clock


def _columns(data: bytes) -> LossCurve:
    names, numbers = array("Q"), array("d")
    names.frombytes(data)
    numbers.frombytes(data)
    codes = names[::_COLUMNS]
    alike = codes.tobytes() == data[:8] * len(codes)  # mostly; a dictionary costs 5 ms
    index = {code: at for at, code in enumerate(dict.fromkeys(codes[:1] if alike else codes))}
    kind = bytes(len(codes)) if alike else bytes(map(index.__getitem__, codes))
    return LossCurve(
        kinds=tuple(struct.pack("=Q", code).rstrip(b"\0").decode("ascii") for code in index),
        kind=array("B", kind),
        step=numbers[1::_COLUMNS],
        loss=numbers[2::_COLUMNS],
        seconds=numbers[3::_COLUMNS],
        end=numbers[4::_COLUMNS],
    )


def _fits(folder: Path, data: bytes) -> bool:
    """Whether this is our format, and its last point what the events say at its place."""
    if not data.startswith(HEADER):
        return False
    try:
        with open_regular(folder / EVENTS) as file:
            if len(data) == len(HEADER):
                return STEP_LINE not in file.read()
            kind, step, _loss, _seconds, end = _POINT.unpack(data[-_POINT.size :])
            start = max(0, int(end) - 4096)
            file.seek(start)
            line = file.read(int(end) - start).splitlines()[-1]
            told = parse_object(line)
    except OSError:
        return len(data) == len(HEADER)
    except (ValueError, IndexError, OverflowError):
        return False
    return bool(told.get("step") == step and _code(str(told.get("kind"))) == kind.rstrip(b"\0"))


def _from_events(folder: Path) -> tuple[bytes, WorkClock]:
    points: list[bytes] = [HEADER]
    clock = WorkClock()
    for line, end in _whole_lines(folder / EVENTS):
        try:
            told = parse_object(line)
            seconds = clock.take(str(told["event"]), int(told["attempt"]), float(told["mono"]))
            step = decode(told) if line.startswith(STEP_LINE) else None
            if isinstance(step, StepDone):
                points.append(point(step, seconds, end))
        except (ValueError, KeyError, TypeError, OverflowError, struct.error):
            continue
    return b"".join(points), clock


def _whole_lines(path: Path) -> Iterator[tuple[bytes, int]]:
    """Each line that was written to its end, and the byte at which it ends."""
    end = 0
    with contextlib.suppress(OSError), open_regular(path) as file:
        for line in file:
            end += len(line)
            if line.endswith(b"}\n"):
                yield line, end
