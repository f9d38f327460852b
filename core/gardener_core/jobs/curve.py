"""The losses of a run in fixed width, for charts."""

import contextlib
import struct
from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from gardener_core.atomic import write_whole
from gardener_core.events import StepDone
from gardener_core.jobs.folder import EVENTS, is_alive
from gardener_core.regular_files import open_regular, parse_object, read_regular
from gardener_core.telling import decode

CURVE = "curve.bin"
# `event` stands first in every line, so a step is known without parsing it.
STEP_LINE = b'{"event": "StepDone"'
# The kind (our own words, at most 8 letters), step, loss, seconds, and the byte of events.jsonl
# at which the step's line ends: by it a curve says for itself which lines it holds.
_POINT = struct.Struct("=8sdddd")
_COLUMNS = _POINT.size // 8


@dataclass(frozen=True, slots=True)
class Curve:
    """Every step of a run, a column each, in the order in which they were told.

    `kind` indexes `kinds`. `seconds` are seconds of work: monotonic within an attempt, from its
    first event on; the next attempt goes on where the last one's last event was, so neither a
    clock that is set nor the night between two attempts is in them, but pauses are. `until` is
    the byte of events.jsonl up to which steps are held here.
    """

    kinds: tuple[str, ...] = ()
    kind: "array[int]" = field(default_factory=lambda: array("B"))
    step: "array[float]" = field(default_factory=lambda: array("d"))
    loss: "array[float]" = field(default_factory=lambda: array("d"))
    seconds: "array[float]" = field(default_factory=lambda: array("d"))
    until: int = 0


def point(step: StepDone, seconds: float, end: int) -> bytes:
    """One step as it stands in curve.bin."""
    return _POINT.pack(_code(step.kind), step.step, step.loss, seconds, end)


def _code(kind: str) -> bytes:
    return kind.encode("ascii", "replace")[:8]


def read_curve(folder: Path) -> Curve:
    """The curve of a run; made again from the events where the file does not fit them."""
    try:
        data = read_regular(folder / CURVE)
    except OSError:
        data = b""
    data = data[: len(data) - len(data) % _POINT.size]  # a point may just be being written
    with contextlib.suppress(ValueError, OverflowError):  # what is in between may be no point
        if _fits(folder, data):
            return _columns(data)
    data, _ = _from_events(folder)
    if not is_alive(folder):  # a living run writes this file itself
        with contextlib.suppress(OSError):  # on a full or closed disk it is made again each time
            write_whole(folder / CURVE, data)
    return _columns(data)


def mend_curve(folder: Path) -> float:
    """Make the file whole before an attempt adds to it; the seconds that were worked so far."""
    data, seconds = _from_events(folder)
    write_whole(folder / CURVE, data)
    return seconds


def _columns(data: bytes) -> Curve:
    names, numbers = array("Q"), array("d")
    names.frombytes(data)
    numbers.frombytes(data)
    codes = names[::_COLUMNS]
    distinct = dict.fromkeys(codes)
    index = {code: place for place, code in enumerate(distinct)}
    return Curve(
        kinds=tuple(struct.pack("=Q", code).rstrip(b"\0").decode("ascii") for code in distinct),
        kind=array("B", bytes(map(index.__getitem__, codes))),
        step=numbers[1::_COLUMNS],
        loss=numbers[2::_COLUMNS],
        seconds=numbers[3::_COLUMNS],
        until=int(numbers[-1]) if numbers else 0,
    )


def _fits(folder: Path, data: bytes) -> bool:
    """Whether the last point is what the events say at its place."""
    try:
        with open_regular(folder / EVENTS) as file:
            if not data:
                return STEP_LINE not in file.read()
            kind, step, _loss, _seconds, end = _POINT.unpack(data[-_POINT.size :])
            start = max(0, int(end) - 4096)
            file.seek(start)
            line = file.read(int(end) - start).splitlines()[-1]
            told = parse_object(line)
    except OSError:
        return not data
    except (ValueError, IndexError, OverflowError):
        return False
    return bool(told.get("step") == step and _code(str(told.get("kind"))) == kind.rstrip(b"\0"))


def _from_events(folder: Path) -> tuple[bytes, float]:
    points: list[bytes] = []
    clock = Clock()
    for line, end in _whole_lines(folder / EVENTS):
        try:
            told = parse_object(line)
            seconds = clock.at(told["attempt"], told["mono"])
            step = decode(told) if line.startswith(STEP_LINE) else None
            if isinstance(step, StepDone):
                points.append(point(step, seconds, end))
        except (ValueError, KeyError, TypeError, OverflowError, struct.error):
            continue
    return b"".join(points), clock.worked


class Clock:
    """Adds up the seconds of work over the attempts of a run."""

    def __init__(self, worked: float = 0.0) -> None:
        self.worked = worked
        self._before = worked
        self._attempt = 0
        self._first = 0.0

    def at(self, attempt: int, monotonic: float) -> float:
        """The seconds of work at an event."""
        if attempt != self._attempt:
            self._attempt, self._first, self._before = attempt, monotonic, self.worked
        self.worked = self._before + max(0.0, monotonic - self._first)
        return self.worked


def _whole_lines(path: Path) -> Iterator[tuple[bytes, int]]:
    """Each line that was written to its end, and the byte at which it ends."""
    end = 0
    with contextlib.suppress(OSError), open_regular(path) as file:
        for line in file:
            end += len(line)
            if line.endswith(b"}\n"):
                yield line, end
