"""Write a job's events into its folder."""

import json
import os
import threading
import time
from pathlib import Path

from gardener_core.errors import DiskFull, Remedy
from gardener_core.events.json import encode
from gardener_core.events.train import StepDone
from gardener_core.events.union import Event
from gardener_core.jobs.ballast import is_full, release_ballast, reserve_ballast
from gardener_core.jobs.curve import CURVE, point, rebuild_curve
from gardener_core.jobs.folder import EVENTS, REQUEST, RunRequest, read_request
from gardener_core.system.files.atomic import append_line

PULSE_SECONDS = 0.5


class RunWriter:
    """Writes the events of one attempt, keeps its pulse and reads requests."""

    def __init__(self, folder: Path, attempt: int, lock: int) -> None:
        os.set_inheritable(lock, False)  # children do not inherit it
        self._alive = lock  # open as long as the job lives
        self.folder = folder
        self.attempt = attempt
        self._seq = 0
        self._full = False
        self._lock = threading.Lock()  # the thread that listens for requests writes too
        flags = os.O_RDWR | os.O_CREAT | os.O_APPEND
        self._events = os.open(folder / EVENTS, flags, 0o600)
        self._close_torn_line()
        self._clock = rebuild_curve(folder)
        self._curve = os.open(folder / CURVE, os.O_WRONLY | os.O_APPEND)
        reserve_ballast(folder)
        threading.Thread(target=self._beat, daemon=True).start()

    def write(self, event: Event) -> None:
        """Write one event."""
        with self._lock:
            self._write_locked(event)

    def _write_locked(self, event: Event) -> None:
        self._seq += 1
        mono = round(time.monotonic(), 4)
        fields = encode(event) | {
            "attempt": self.attempt,
            "seq": self._seq,
            "mono": mono,
            "wall": round(time.time(), 3),
        }
        self._append(self._events, json.dumps(fields).encode() + b"\n")
        seconds = self._clock.advance(type(event).__name__, self.attempt, mono)
        if isinstance(event, StepDone):
            end = os.lseek(self._events, 0, os.SEEK_CUR)
            self._append(self._curve, point(event, seconds, end))
        if self._full:
            self._full = False
            raise DiskFull(
                f"The disk that holds {self.folder} is full.",
                hint="Free some space first.",
                remedy=Remedy("resume", self.folder.name),
            )

    def seconds(self) -> tuple[float, float]:
        """The seconds of work and of waiting so far, in all attempts."""
        with self._lock:
            self._clock.advance("", self.attempt, time.monotonic())
            return self._clock.working_seconds, self._clock.waiting_seconds

    def request(self) -> RunRequest:
        """The request for this attempt; one for an older attempt does not count."""
        request = read_request(self.folder)
        return request if request.attempt == self.attempt else RunRequest(self.attempt)

    def request_time_ns(self) -> int:
        """When the request was last written; 0 if never."""
        try:
            return (self.folder / REQUEST).stat().st_mtime_ns
        except FileNotFoundError:
            return 0

    def make_durable(self) -> None:
        """Make the events survive a power cut."""
        os.fsync(self._events)

    def release(self) -> None:
        """Free what was only needed while the run was live."""
        release_ballast(self.folder)

    def _append(self, descriptor: int, data: bytes) -> None:
        """Append all data; on a full disk, use the ballast."""
        rest = memoryview(data)
        while rest:
            try:
                rest = rest[os.write(descriptor, rest) :]
            except OSError as problem:
                if not (is_full(problem) and release_ballast(self.folder)):
                    raise
                self._full = True

    def _close_torn_line(self) -> None:
        size = os.fstat(self._events).st_size
        if size and os.pread(self._events, 1, size - 1) != b"\n":
            append_line(self._events, b"")

    def _beat(self) -> None:
        pulse = self.folder / "pulse"
        pulse.touch(0o600)
        while True:
            # The monotonic clock is shared by all processes, and nobody sets it.
            now = time.monotonic_ns()
            os.utime(pulse, ns=(now, now))
            time.sleep(PULSE_SECONDS)
