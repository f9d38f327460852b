"""Say why a disk takes or gives nothing."""

import contextlib
import errno
import os
from collections.abc import Iterator
from pathlib import Path

from gardener_core.errors import DiskFull, GardenError, NotOurs, PlaceUnfit, ReadOnly

NOTHING_LOST = "What was kept is whole."
_FULL = (errno.ENOSPC, errno.EDQUOT)
_CLOSED = (errno.EACCES, errno.EPERM)
_UNFIT = (errno.ENOTDIR, errno.EEXIST, errno.ENOENT, errno.ELOOP, errno.ENAMETOOLONG, errno.EINVAL)


def obstacle(problem: OSError, path: Path | None = None) -> GardenError:
    """An error of the operating system in our words; `path` is what was to be done to."""
    place = problem.filename if isinstance(problem.filename, str | bytes | Path) else path
    where = _shown(place) if place is not None else "a file"
    said = problem.strerror or str(problem)
    if problem.errno in _FULL:
        return disk_full(_folder_of(place) if place is not None else where)
    if problem.errno == errno.EROFS and place is not None:
        return read_only(_folder_of(place))
    if problem.errno in _CLOSED:
        return not_ours(where, said)
    if problem.errno in _UNFIT:
        return PlaceUnfit(f"{where} cannot be used: {said}.", hint=_ANOTHER_PLACE)
    return GardenError(f"{where}: {said}.", hint="See what the disk is doing: gardener doctor")


_ANOTHER_PLACE = "Set GARDENER_HOME to a folder that can be made and written to."


def disk_full(where: str) -> DiskFull:
    """There is no room."""
    return DiskFull(
        f"The disk that holds {where} is full. {NOTHING_LOST}", hint="Make room, and try again."
    )


def read_only(where: str) -> ReadOnly:
    """Nothing can be changed on this disk."""
    return ReadOnly(
        f"{where} is on a disk that is read-only now. {NOTHING_LOST}",
        hint="Make the disk writable again, or set GARDENER_HOME to another folder.",
    )


def not_ours(where: str, said: str = "") -> NotOurs:
    """Somebody else's, or closed."""
    reason = f": {said}" if said else ""
    return NotOurs(
        f"{where} cannot be opened by you{reason}. {NOTHING_LOST}",
        hint="Look at its owner and its permissions (ls -l), or set GARDENER_HOME.",
    )


def why_not_written(path: Path) -> GardenError | None:
    """What the disk itself says about writing to a file; None where it says nothing."""
    where = _shown(path)
    try:
        disk = os.statvfs(path if path.exists() else path.parent)
    except OSError as problem:
        return obstacle(problem, path)
    if disk.f_flag & os.ST_RDONLY:
        return read_only(_folder_of(path))
    for place in (path, path.parent):
        if place.exists() and not os.access(place, os.W_OK):
            return not_ours(where)
    if disk.f_bavail == 0 or (disk.f_files and not disk.f_favail):
        return disk_full(_folder_of(path))
    return None


@contextlib.contextmanager
def explained(path: Path) -> Iterator[None]:
    """Errors of the operating system come out in our words."""
    try:
        yield
    except OSError as problem:
        raise obstacle(problem, path) from None


def _folder_of(place: object) -> str:
    """A disk is known by a folder, not by the file that happened to be tried first."""
    return os.path.dirname(_shown(place)) or _shown(place)


def _shown(place: object) -> str:
    return os.fsdecode(place) if isinstance(place, str | bytes | os.PathLike) else str(place)
