"""Let heavy runs wait for the machine, in the order in which they came."""

import fcntl
import os
from pathlib import Path

from gardener_core.system.files.atomic import make_folder


class Ticket:
    """A place in the queue: a file that its owner keeps locked, so a dead owner's place is free.

    The oldest living tickets have the machine; nobody hands it out and no daemon is needed.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = make_folder(folder)
        counter = os.open(folder / "counter", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(counter, fcntl.LOCK_EX)
            number = int(os.pread(counter, 32, 0) or b"0") + 1
            self._path = folder / f"{number:012d}"
            self._lock = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
            # Locked before the counter is free again, so nobody ever sees it without an owner.
            fcntl.flock(self._lock, fcntl.LOCK_EX)
            os.pwrite(counter, b"%d" % number, 0)
        finally:
            os.close(counter)

    def ahead(self) -> int:
        """How many living tickets are older; those of the dead are swept away."""
        count = 0
        for path in sorted(self._folder.glob("[0-9]*")):
            if path.name >= self._path.name:
                break
            count += _has_owner(path)
        return count

    def give_back(self) -> None:
        """Let the next one in."""
        self._path.unlink(missing_ok=True)
        os.close(self._lock)


def _has_owner(path: Path) -> bool:
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    path.unlink(missing_ok=True)
    return False
