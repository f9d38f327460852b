"""Queue heavy runs for the machine."""

import os
from pathlib import Path

from gardener_core.system.files.atomic import make_folder
from gardener_core.system.locks import create_locked, is_locked, locked


class Ticket:
    """A place in the queue: a file that its owner keeps locked.

    The owners of the oldest locked tickets may use the machine; no daemon is needed, and a dead
    owner's ticket counts no more.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = make_folder(folder)
        with locked(folder / "counter") as counter:
            number = int(os.pread(counter, 32, 0) or b"0") + 1
            self._path = folder / f"{number:012d}"
            # Locked before the counter is unlocked, so nobody ever sees it without an owner.
            self._lock = create_locked(self._path)
            os.pwrite(counter, b"%d" % number, 0)

    def count_ahead(self) -> int:
        """The number of older tickets with an owner; those without are deleted."""
        count = 0
        for path in sorted(self._folder.glob("[0-9]*")):
            if path.name >= self._path.name:
                break
            count += _has_owner(path)
        return count

    def release(self) -> None:
        """Let the next run in."""
        self._path.unlink(missing_ok=True)
        os.close(self._lock)


def _has_owner(path: Path) -> bool:
    if is_locked(path):
        return True
    path.unlink(missing_ok=True)
    return False
