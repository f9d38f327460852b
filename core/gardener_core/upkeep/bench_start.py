"""Benchmark the start of the screen."""

import contextlib
import fcntl
import os
import platform
import pty
import select
import signal
import statistics
import struct
import sys
import tempfile
import termios
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from gardener_core.errors import EngineLost, Remedy
from gardener_core.system.hardware import usable_cores
from gardener_core.system.processes.start import run, start_on_terminal, start_python
from gardener_core.upkeep.bench_project import Result

SCREEN = "from gardener_tui.cli import main; main()"
IMPORT = "import gardener_tui.cli"
COLUMNS, ROWS = 120, 40
# A painted screen of this size has at least so many bytes; after them, so much silence means that
# it is complete. Waiting costs no CPU, and the silence is in no figure.
PAINTED_BYTES = 2000
SILENCE_SECONDS = 0.3
DEADLINE_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class StartingPoint:
    """The figures of one start of the screen."""

    cpu_seconds: float
    wall_seconds: float
    memory_megabytes: float


def machine() -> dict[str, str | int]:
    """The machine that the figures were measured on."""
    return {
        "system": platform.platform(),
        "processor": _processor(),
        "cores": usable_cores(),
        "python": platform.python_version(),
    }


def bench_start(n: int) -> list[Result]:
    """Start the screen n times on its own terminal, in an empty garden."""
    imports, starts = [], []
    for _ in range(n):
        imports.append(_cpu_of_import())
        starts.append(_start())
    results = [
        _result("cpu until the first screen is painted", "s", [s.cpu_seconds for s in starts]),
        _result("time until the first screen is painted", "s", [s.wall_seconds for s in starts]),
        _result("cpu of the import", "s", imports),
    ]
    memory = [start.memory_megabytes for start in starts if start.memory_megabytes]
    return results + ([_result("memory at the first screen", "MB", memory)] if memory else [])


def _result(name: str, unit: str, values: Sequence[float]) -> Result:
    low, high = round(min(values), 3), round(max(values), 3)
    return Result(name, round(statistics.median(values), 3), unit, len(values), low, high)


def _cpu_of_import() -> float:
    """CPU seconds of the whole process, with the interpreter's start."""
    child = start_python(IMPORT)
    return _cpu(child.pid)


def _start() -> StartingPoint:
    with tempfile.TemporaryDirectory() as home, _terminal() as (ours, theirs):
        environment = {**os.environ, "GARDENER_HOME": home, "TERM": "xterm-256color"}
        began = time.monotonic()
        environment |= {"LC_ALL": "C.UTF-8", "COLORTERM": "truecolor"}
        child = start_on_terminal([sys.executable, "-P", "-c", SCREEN], theirs, environment)
        try:
            painted = _painted(ours, began)
            memory = _memory(child.pid)
        finally:
            os.kill(child.pid, signal.SIGKILL)
            cpu = _cpu(child.pid)
    return StartingPoint(cpu, painted - began, memory)


@contextlib.contextmanager
def _terminal() -> Iterator[tuple[int, int]]:
    ours, theirs = pty.openpty()
    try:
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
        yield ours, theirs
    finally:
        os.close(ours)
        os.close(theirs)


def _painted(terminal: int, began: float) -> float:
    """The time of the last byte before the screen is silent."""
    count, last = 0, began
    while time.monotonic() - began < DEADLINE_SECONDS:
        ready, _, _ = select.select([terminal], [], [], SILENCE_SECONDS)
        if ready:
            count += len(os.read(terminal, 65536))
            last = time.monotonic()
        elif count >= PAINTED_BYTES:
            return last
    raise EngineLost("The screen was never painted.", remedy=Remedy("check machine"))


def _cpu(process_id: int) -> float:
    """Wait for a process to end; its CPU seconds."""
    _, _, usage = os.wait4(process_id, 0)
    return usage.ru_utime + usage.ru_stime


def _memory(process_id: int) -> float:
    """Resident megabytes according to ps; 0 if unknown."""
    try:
        answer = run(["ps", "-o", "rss=", "-p", str(process_id)], DEADLINE_SECONDS)
    except OSError:
        return 0.0
    kilobytes = answer.stdout.decode("utf-8", "replace").strip()
    return int(kilobytes) * 1024 / 1e6 if kilobytes.isdigit() else 0.0


def _processor() -> str:
    with contextlib.suppress(OSError), open("/proc/cpuinfo", encoding="utf-8") as file:
        for line in file:
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor()
