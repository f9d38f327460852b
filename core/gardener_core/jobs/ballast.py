"""Reserve disk space for a run's last event."""

import errno
import os
from pathlib import Path

BALLAST = "ballast"
BALLAST_BYTES = 65_536  # far more than the last event and the log need
_FULL = (errno.ENOSPC, errno.EDQUOT)


def reserve_ballast(folder: Path) -> None:
    """Write the ballast, random so that it takes space on any disk."""
    try:
        (folder / BALLAST).write_bytes(os.urandom(BALLAST_BYTES))
    except OSError as problem:
        release_ballast(folder)  # the run needs what space there is
        if not is_full(problem):
            raise


def release_ballast(folder: Path) -> bool:
    """Delete the ballast; whether there was one."""
    try:
        (folder / BALLAST).unlink()
    except FileNotFoundError:
        return False
    return True


def is_full(problem: OSError) -> bool:
    """Whether an operation failed because the disk is full."""
    return problem.errno in _FULL
