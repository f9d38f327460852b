"""A job's own hand on its run folder."""

import json
import os
import threading
import time
from pathlib import Path

from gardener_core.errors import DiskFull, Remedy
from gardener_core.events.json import encode
from gardener_core.events.train import StepDone
from gardener_core.events.union import Event
from gardener_core.jobs.ballast import drop, is_full, take_on
from gardener_core.jobs.curve import CURVE, mend_curve, point
from gardener_core.jobs.folder import EVENTS, WISH, Wish, read_wish
from gardener_core.system.files.atomic import append_line

PULSE_SECONDS = 0.5


class RunWriter:
    """Writes the facts of one attempt, keeps its pulse, and reads what the user wishes."""

    def __init__(self, folder: Path, attempt: int, lock: int) -> None:
        os.set_inheritable(lock, False)  # from here on nobody else gets it
        self._lock = lock  # held open for the job's life
        self.folder = folder
        self.attempt = attempt
        self._seq = 0
        self._full = False
        self._telling = threading.Lock()  # who listens for wishes tells of them too
        flags = os.O_RDWR | os.O_CREAT | os.O_APPEND
        self._events = os.open(folder / EVENTS, flags, 0o600)
        self._close_torn_line()
        self._clock = mend_curve(folder)
        self._curve = os.open(folder / CURVE, os.O_WRONLY | os.O_APPEND)
        take_on(folder)
        threading.Thread(target=self._beat, daemon=True).start()

    def tell(self, event: Event) -> None:
        """Write one fact."""
        with self._telling:
            self._write(event)

    def _write(self, event: Event) -> None:
        self._seq += 1
        mono = round(time.monotonic(), 4)
        fields = encode(event) | {
            "attempt": self.attempt,
            "seq": self._seq,
            "mono": mono,
            "wall": round(time.time(), 3),
        }
        self._append(self._events, json.dumps(fields).encode() + b"\n")
        seconds = self._clock.take(type(event).__name__, self.attempt, mono)
        if isinstance(event, StepDone):
            end = os.lseek(self._events, 0, os.SEEK_CUR)
            self._append(self._curve, point(event, seconds, end))
        if self._full:
            self._full = False
            raise DiskFull(
                f"The disk that holds {self.folder} is full.",
                hint="Make room first.",
                remedy=Remedy("resume", self.folder.name),
            )

    def seconds(self) -> tuple[float, float]:
        """The seconds of work and of waiting until now, over all attempts."""
        with self._telling:
            self._clock.take("", self.attempt, time.monotonic())
            return self._clock.worked, self._clock.waited

    def wish(self) -> Wish:
        """What the user wants of this attempt; a wish for an older one says nothing."""
        wish = read_wish(self.folder)
        return wish if wish.attempt == self.attempt else Wish(self.attempt)

    def wished_at(self) -> int:
        """When somebody last wished something, as a number that moves."""
        try:
            return (self.folder / WISH).stat().st_mtime_ns
        except FileNotFoundError:
            return 0

    def make_durable(self) -> None:
        """Keep what was told even if the power goes."""
        os.fsync(self._events)

    def leave(self) -> None:
        """Give back what was only needed while the run lived."""
        drop(self.folder)

    def _append(self, descriptor: int, data: bytes) -> None:
        """Append all of it; on a full disk the ballast makes room, and the run has to end."""
        rest = memoryview(data)
        while rest:
            try:
                rest = rest[os.write(descriptor, rest) :]
            except OSError as problem:
                if not (is_full(problem) and drop(self.folder)):
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
            # The monotonic clock is the same in every process here, and nobody sets it.
            now = time.monotonic_ns()
            os.utime(pulse, ns=(now, now))
            time.sleep(PULSE_SECONDS)
