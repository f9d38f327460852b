"""Measure this machine: the start of the screen, and the index."""

import contextlib
import fcntl
import json
import os
import platform
import pty
import select
import signal
import statistics
import struct
import subprocess
import sys
import tempfile
import termios
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from gardener_core.errors import EngineLost, Remedy
from gardener_core.store.garden.projects import Project
from gardener_core.system.files.atomic import make_folder
from gardener_core.system.hardware import usable_cores
from gardener_core.system.places import Places
from gardener_core.system.records import rebuild

SCREEN = "from gardener_tui.cli import main; main()"
IMPORT = "import gardener_tui.cli"
_CHILDREN = {
    what: "from gardener_core.system.watchdog import end_with_stdin; end_with_stdin(); "
    f"from gardener_core.search.measuring import {name}; {name}.main()"
    for what, name in (
        ("read", "reading"),
        ("index", "indexing"),
        ("search", "searching"),
        ("retrieval", "retrieval"),
    )
}
_OWN_TABLE = frozenset({"search", "retrieval"})
COLUMNS, ROWS = 120, 40
# A painted screen of this size is at least so long; after it, so much silence means that it is
# painted and still. Waiting costs no CPU, so the silence is in no figure.
PAINTED_BYTES = 2000
SILENCE_SECONDS = 0.3
DEADLINE_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Result:
    """One figure: the median of n runs, with the lowest and the highest."""

    name: str
    value: float
    unit: str
    n: int
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Start:
    """One start of the screen, measured from outside."""

    cpu_seconds: float
    wall_seconds: float
    memory_megabytes: float


def machine() -> dict[str, str | int]:
    """What the figures were measured on."""
    return {
        "system": platform.platform(),
        "processor": _processor(),
        "cores": usable_cores(),
        "python": platform.python_version(),
    }


def bench_start(n: int) -> list[Result]:
    """Start the screen n times on a terminal of its own, in an empty garden."""
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


def bench_project(
    what: str, places: Places, project: Project, sizes: Sequence[int]
) -> Iterator[Result | str]:
    """Measure a project's reading, index or search, in a process that may load what it needs.

    Sizes are those of made tables, or how many questions are asked. A line that is no figure comes
    as a sentence.
    """
    folder = places.index(project.id) if what in _OWN_TABLE else make_folder(places.data)
    with subprocess.Popen(
        [sys.executable, "-P", "-c", _CHILDREN[what], project.path, folder,
         ",".join(map(str, sizes)),],
        stdin=subprocess.PIPE,  # never written to: its end tells the child that we have gone
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd="/",
        env={**os.environ, "RUST_LOG": "error"},
    ) as child:  # fmt: skip
        assert child.stdout is not None and child.stderr is not None
        try:
            for line in child.stdout:
                fields = json.loads(line)
                yield fields["text"] if "text" in fields else rebuild(Result, fields)
            said = child.stderr.read().decode("utf-8", "replace").strip().splitlines()
            status = child.wait()
        finally:
            child.kill()
    if status:
        raise EngineLost(
            f"The measurement ended early: {said[-1] if said else f'status {status}'}",
            remedy=Remedy("repair", project.name),
        )


def _result(name: str, unit: str, values: Sequence[float]) -> Result:
    low, high = round(min(values), 3), round(max(values), 3)
    return Result(name, round(statistics.median(values), 3), unit, len(values), low, high)


def _cpu_of_import() -> float:
    """CPU of the whole process, the interpreter's own start included."""
    child = subprocess.Popen([sys.executable, "-c", IMPORT], stdin=subprocess.DEVNULL)
    return _cpu(child.pid)


def _start() -> Start:
    with tempfile.TemporaryDirectory() as home, _terminal() as (ours, theirs):
        environment = {**os.environ, "GARDENER_HOME": home, "TERM": "xterm-256color"}
        began = time.monotonic()
        child = subprocess.Popen(
            [sys.executable, "-c", SCREEN],
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            env={**environment, "LC_ALL": "C.UTF-8", "COLORTERM": "truecolor"},
            start_new_session=True,
        )
        try:
            painted = _painted(ours, began)
            memory = _memory(child.pid)
        finally:
            os.kill(child.pid, signal.SIGKILL)
            cpu = _cpu(child.pid)
    return Start(cpu, painted - began, memory)


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
    """The moment of the last byte before the screen stands still."""
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
    """The CPU seconds of a process that has ended or is about to."""
    _, _, usage = os.wait4(process_id, 0)
    return usage.ru_utime + usage.ru_stime


def _memory(process_id: int) -> float:
    """Resident megabytes, as ps tells them; 0 where it does not."""
    try:
        told = subprocess.run(
            ["ps", "-o", "rss=", "-p", str(process_id)],
            capture_output=True,
            text=True,
            check=False,
        )
    except OSError:
        return 0.0
    return int(told.stdout) * 1024 / 1e6 if told.stdout.strip().isdigit() else 0.0


def _processor() -> str:
    with contextlib.suppress(OSError), open("/proc/cpuinfo", encoding="utf-8") as file:
        for line in file:
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor()
