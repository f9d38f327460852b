"""Let heavy runs wait for the machine, in the order in which they came."""

import os
from pathlib import Path

from gardener_core.system.files.atomic import make_folder
from gardener_core.system.locks import is_locked, locked, take_new


class Ticket:
    """A place in the queue: a file that its owner keeps locked, so a dead owner's place is free.

    The oldest living tickets have the machine; nobody hands it out and no daemon is needed.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = make_folder(folder)
        with locked(folder / "counter") as counter:
            number = int(os.pread(counter, 32, 0) or b"0") + 1
            self._path = folder / f"{number:012d}"
            # Locked before the counter is free again, so nobody ever sees it without an owner.
            self._lock = take_new(self._path)
            os.pwrite(counter, b"%d" % number, 0)

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
    if is_locked(path):
        return True
    path.unlink(missing_ok=True)
    return False
