"""Room for a run's last words on a full disk."""

import errno
import os
from pathlib import Path

BALLAST = "ballast"
BALLAST_BYTES = 65_536  # far more than the last line of a run and its log need
_FULL = (errno.ENOSPC, errno.EDQUOT)


def take_on(folder: Path) -> None:
    """Take up some of the disk now; random bytes, since a file system may not store zeros."""
    try:
        (folder / BALLAST).write_bytes(os.urandom(BALLAST_BYTES))
    except OSError as problem:
        drop(folder)  # what there was room for is of more use to the run itself
        if not is_full(problem):
            raise


def drop(folder: Path) -> bool:
    """Give the room back; tells whether there was any."""
    try:
        (folder / BALLAST).unlink()
    except FileNotFoundError:
        return False
    return True


def is_full(problem: OSError) -> bool:
    """Whether something failed for want of room on the disk."""
    return problem.errno in _FULL
