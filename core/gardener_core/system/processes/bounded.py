"""Run a program within limits."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress

ENDING_SECONDS = 5.0
MOST_BYTES = 256 << 20
MOST_MEMORY_BYTES = 4 << 30
PIECE_BYTES = 1 << 20


def run_bounded(
    command: Sequence[str], environment: Mapping[str, str], seconds: float
) -> tuple[bool, bytes]:
    """Whether a program succeeded in time, and its output."""
    try:
        process = subprocess.Popen(
            command,
            cwd="/",
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError:
        return False, b""
    _limit_memory(process.pid)
    pieces: list[bytes] = []
    reader = threading.Thread(target=_drain, args=(process, pieces), daemon=True)
    reader.start()
    try:
        reader.join(seconds)
    finally:
        succeeded = _end(process, reader)
    return succeeded, b"".join(pieces)


def _end(process: subprocess.Popen[bytes], reader: threading.Thread) -> bool:
    """Wait for a program that has closed its output, or kill its group."""
    if not reader.is_alive():
        with suppress(subprocess.TimeoutExpired):
            return process.wait(ENDING_SECONDS) == 0
    _kill_group(process)
    with suppress(subprocess.TimeoutExpired):
        process.wait(ENDING_SECONDS)
    reader.join(ENDING_SECONDS)
    return False


def _drain(process: subprocess.Popen[bytes], pieces: list[bytes]) -> None:
    """Read the output; a program that writes too much is killed."""
    assert process.stdout is not None
    with process.stdout as output:
        size = 0
        while piece := os.read(output.fileno(), PIECE_BYTES):
            size += len(piece)
            if size > MOST_BYTES:
                _kill_group(process)
                return
            pieces.append(piece)


def _kill_group(process: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)


if sys.platform == "linux":
    import resource

    def _limit_memory(process: int) -> None:
        """Limit the memory of a process."""
        with suppress(OSError):
            resource.prlimit(process, resource.RLIMIT_DATA, (MOST_MEMORY_BYTES, MOST_MEMORY_BYTES))

else:

    def _limit_memory(process: int) -> None:
        """Do nothing: only Linux can limit another process."""
