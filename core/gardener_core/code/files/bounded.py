"""Read a project's bytes without leaving it."""

import errno
import os
import stat
from pathlib import Path
from types import TracebackType

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
# A pipe or a device is opened without waiting for its other side, looked at, and let go.
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC
MOST_OPEN = 200
PIECE_BYTES = 1 << 20


class ProjectFolder:
    """A project's root, opened once; what lies in it is reached without following a link.

    The folders above the last path stay open, so that paths in order cost one open each. Not to be
    kept: a folder that was moved away since would still be read.
    """

    def __init__(self, root: Path | str) -> None:
        self._open: list[tuple[str, int]] = [("", os.open(root, _FOLDER & ~os.O_NOFOLLOW))]

    def __enter__(self) -> "ProjectFolder":
        """Use it in a with statement."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close what is open."""
        self._close_behind(0)

    def folder(self, path: str) -> int:
        """A descriptor of a folder of the project, given as `a/b/` or empty for the root."""
        names = path.split("/")[:-1]
        shared = 0
        for name, (known, _) in zip(names, self._open[1:], strict=False):
            if name != known:
                break
            shared += 1
        self._close_behind(shared + 1)
        for name in names[shared:]:
            _check(name)
            above = self._open[-1][1]
            self._open.append((name, os.open(name, _FOLDER, dir_fd=above)))
            if len(self._open) > MOST_OPEN:
                raise OSError(errno.ENAMETOOLONG, "too many folders in one another")
        return self._open[-1][1]

    def read(self, path: str, most: int) -> bytes:
        """The bytes of a regular file; one more than `most` where it is longer."""
        above, _, name = path.rpartition("/")
        _check(name)
        folder = self.folder(f"{above}/" if above else "")
        descriptor = _open_file(name, folder)
        try:
            return _read(descriptor, most)
        finally:
            os.close(descriptor)

    def look(self, path: str) -> os.stat_result:
        """What the system knows of a file or a link, as it stands in its folder."""
        above, _, name = path.rpartition("/")
        _check(name)
        folder = self.folder(f"{above}/" if above else "")
        return os.stat(name, dir_fd=folder, follow_symlinks=False)

    def link(self, path: str) -> str:
        """Where a link says that it leads."""
        above, _, name = path.rpartition("/")
        _check(name)
        return os.readlink(name, dir_fd=self.folder(f"{above}/" if above else ""))

    def _close_behind(self, kept: int) -> None:
        while len(self._open) > kept:
            os.close(self._open.pop()[1])


def read_inside(root: Path, path: str, most: int) -> bytes:
    """The bytes of one regular file of a project; one more than `most` where it is longer."""
    with ProjectFolder(root) as folder:
        return folder.read(path, most)


def read_outside(path: Path, most: int) -> bytes:
    """The same for a file that a project only names; no more than `most` bytes of it."""
    descriptor = os.open(path, _FILE & ~os.O_NOFOLLOW)
    try:
        _check_regular(descriptor)
        return _read(descriptor, most)[:most]
    finally:
        os.close(descriptor)


def _check(name: str) -> None:
    if name in ("", ".", ".."):
        raise OSError(errno.EINVAL, "it does not lie in the project")


def _open_file(name: str, folder: int) -> int:
    try:
        descriptor = os.open(name, _FILE, dir_fd=folder)
    except OSError as problem:
        if problem.errno == errno.ELOOP:
            raise OSError(errno.ELOOP, "a link, which is not followed") from None
        if problem.errno == errno.ENXIO:  # a socket
            raise OSError(errno.ENXIO, "not a regular file") from None
        raise
    try:
        _check_regular(descriptor)
    except OSError:
        os.close(descriptor)
        raise
    return descriptor


def _check_regular(descriptor: int) -> None:
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        raise OSError(errno.EINVAL, "not a regular file")


def _read(descriptor: int, most: int) -> bytes:
    """Read up to `most` bytes and one; one system call where the file stays as long as it is."""
    pieces: list[bytes] = []
    left = most + 1
    wanted = os.fstat(descriptor).st_size + 1
    while left > 0:
        asked = min(left, max(wanted, 1), PIECE_BYTES)
        piece = os.read(descriptor, asked)
        pieces.append(piece)
        left -= len(piece)
        if len(piece) < asked:
            break
        wanted -= len(piece)
    return b"".join(pieces)
