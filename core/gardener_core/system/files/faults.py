"""Translate errors of files and disks."""

import contextlib
import errno
import os
from collections.abc import Iterator
from pathlib import Path

from gardener_core.errors import DiskFull, GardenError, NotOurs, PlaceUnfit, ReadOnly

NOTHING_LOST = "Nothing that was saved is lost."
_FULL = (errno.ENOSPC, errno.EDQUOT)
_CLOSED = (errno.EACCES, errno.EPERM)
_UNFIT = (errno.ENOTDIR, errno.EEXIST, errno.ENOENT, errno.ELOOP, errno.ENAMETOOLONG, errno.EINVAL)


def translate_os_error(problem: OSError, path: Path | None = None) -> GardenError:
    """Our error for one of the operating system; `path` is what it was about."""
    place = problem.filename if isinstance(problem.filename, str | bytes | Path) else path
    where = _shown(place) if place is not None else "a file"
    reason = problem.strerror or str(problem)
    if problem.errno in _FULL:
        return disk_full(_folder_of(place) if place is not None else where)
    if problem.errno == errno.EROFS and place is not None:
        return read_only(_folder_of(place))
    if problem.errno in _CLOSED:
        return not_ours(where, reason)
    if problem.errno in _UNFIT:
        return PlaceUnfit(f"{where} cannot be used: {reason}.", hint=_SET_HOME)
    return GardenError(f"{where}: {reason}.", hint="Check the disk: gardener doctor")


_SET_HOME = "Set GARDENER_HOME to a folder that can be created and written to."


def disk_full(where: str) -> DiskFull:
    """The error for a full disk."""
    return DiskFull(
        f"The disk that holds {where} is full. {NOTHING_LOST}",
        hint="Free some space, then try again.",
    )


def read_only(where: str) -> ReadOnly:
    """The error for a read-only disk."""
    return ReadOnly(
        f"{where} is on a disk that is read-only. {NOTHING_LOST}",
        hint="Make the disk writable again, or set GARDENER_HOME to another folder.",
    )


def not_ours(where: str, reason: str = "") -> NotOurs:
    """The error for a file that this user may not open."""
    suffix = f": {reason}" if reason else ""
    return NotOurs(
        f"You are not allowed to open {where}{suffix}. {NOTHING_LOST}",
        hint="Check its owner and permissions (ls -l), or set GARDENER_HOME.",
    )


def write_problem(path: Path) -> GardenError | None:
    """Why a file cannot be written, according to the disk; None if it can be."""
    where = _shown(path)
    try:
        disk = os.statvfs(path if path.exists() else path.parent)
    except OSError as problem:
        return translate_os_error(problem, path)
    if disk.f_flag & os.ST_RDONLY:
        return read_only(_folder_of(path))
    for place in (path, path.parent):
        if place.exists() and not os.access(place, os.W_OK):
            return not_ours(where)
    if disk.f_bavail == 0 or (disk.f_files and not disk.f_favail):
        return disk_full(_folder_of(path))
    return None


@contextlib.contextmanager
def translated_os_errors(path: Path) -> Iterator[None]:
    """Translate errors of the operating system inside this block."""
    try:
        yield
    except OSError as problem:
        raise translate_os_error(problem, path) from None


def _folder_of(place: object) -> str:
    """The folder to name in an error about a disk."""
    return os.path.dirname(_shown(place)) or _shown(place)


def _shown(place: object) -> str:
    return os.fsdecode(place) if isinstance(place, str | bytes | os.PathLike) else str(place)
