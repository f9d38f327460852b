"""Run another program that ends, and halts, with us."""

import os
import signal
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType

from gardener_core.system.processes.start import NOTHING, start_leashed

ENDING_SECONDS = 5.0
STALE_SECONDS = 0.6
POLL_SECONDS = 0.1


class LeashedProgram:
    """A program with its output in a log file; it halts while nobody waits for it.

    A run that is paused does not wait, so its program stands still with it. On Linux the kernel
    ends the program with us, however we end.
    """

    def __init__(
        self, command: Sequence[str], log: Path, more: Mapping[str, str] = NOTHING
    ) -> None:
        self._process = start_leashed(command, log, more)
        self._waited = time.monotonic()
        self._halted = False
        self._ended = threading.Event()
        threading.Thread(target=self._watch, daemon=True).start()

    @property
    def status(self) -> int | None:
        """Its exit status, once it has ended."""
        return self._process.returncode

    def wait(self, seconds: float) -> bool:
        """Wait for its end; whether it has ended."""
        self._waited = time.monotonic()
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        return True

    def __enter__(self) -> "LeashedProgram":
        """The running program."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End it, if it has not ended."""
        self._ended.set()
        if self._process.poll() is None:
            self._signal(signal.SIGCONT)
            self._signal(signal.SIGTERM)
            try:
                self._process.wait(ENDING_SECONDS)
            except subprocess.TimeoutExpired:
                self._signal(signal.SIGKILL)
                self._process.wait()

    def _watch(self) -> None:
        while not self._ended.wait(POLL_SECONDS) and self._process.poll() is None:
            stale = time.monotonic() - self._waited > STALE_SECONDS
            if stale != self._halted:
                self._signal(signal.SIGSTOP if stale else signal.SIGCONT)
                self._halted = stale

    def _signal(self, number: int) -> None:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, number)
