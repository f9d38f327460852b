"""Lock files between processes."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

POLL_SECONDS = 0.05


@contextmanager
def locked(path: Path) -> Iterator[int]:
    """Wait for the lock of a file or folder; yields its descriptor.

    The kernel frees a lock when its process ends, however it ends.
    """
    descriptor = open_lock(path)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield descriptor
    finally:
        os.close(descriptor)


@contextmanager
def locked_if_free(path: Path, seconds: float = 0.0) -> Iterator[bool]:
    """Hold a lock if it is free within some seconds; yields whether."""
    descriptor = open_lock(path)
    try:
        yield _take(descriptor, seconds)
    finally:
        os.close(descriptor)


def is_locked(path: Path) -> bool:
    """Whether a process holds a lock; false for a file that cannot be opened."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    except OSError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


def open_lock(path: Path, flags: int = 0) -> int:
    """Open a lock file, created if missing; a folder is its own lock file."""
    with suppress(IsADirectoryError):
        return os.open(path, os.O_RDWR | os.O_CREAT | flags, 0o600)
    return os.open(path, os.O_RDONLY)


def create_locked(path: Path) -> int:
    """Create a lock file and hold its lock until the descriptor is closed."""
    descriptor = open_lock(path, os.O_EXCL)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    return descriptor


def _take(descriptor: int, seconds: float) -> bool:
    end = time.monotonic() + seconds
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        except BlockingIOError:
            if time.monotonic() >= end:
                return False
        time.sleep(POLL_SECONDS)
