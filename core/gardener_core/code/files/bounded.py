"""Read files of a project without leaving it."""

import errno
import os
import stat
from pathlib import Path
from types import TracebackType

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
# A pipe or a device is opened without waiting for its other end, checked and closed.
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC
MOST_OPEN = 200
PIECE_BYTES = 1 << 20


class ProjectFolder:
    """A project's root, opened once; its files are opened without following a link.

    The folders above the last path stay open, so that paths in order cost one open each. Do not
    keep it: a folder that was moved away since would still be read.
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
        self._close_below(0)

    def folder(self, path: str) -> int:
        """A descriptor of a folder of the project, given as `a/b/` or empty for the root."""
        names = path.split("/")[:-1]
        shared = 0
        for name, (known, _) in zip(names, self._open[1:], strict=False):
            if name != known:
                break
            shared += 1
        self._close_below(shared + 1)
        for name in names[shared:]:
            _check(name)
            above = self._open[-1][1]
            self._open.append((name, os.open(name, _FOLDER, dir_fd=above)))
            if len(self._open) > MOST_OPEN:
                raise OSError(errno.ENAMETOOLONG, "too many folders in one another")
        return self._open[-1][1]

    def read(self, path: str, limit: int) -> bytes:
        """The bytes of a regular file; `limit` and one more where it is longer."""
        above, _, name = path.rpartition("/")
        _check(name)
        folder = self.folder(f"{above}/" if above else "")
        descriptor = _open_file(name, folder)
        try:
            return _read(descriptor, limit)
        finally:
            os.close(descriptor)

    def stat_of(self, path: str) -> os.stat_result:
        """The status of a file, or of a link itself."""
        above, _, name = path.rpartition("/")
        _check(name)
        folder = self.folder(f"{above}/" if above else "")
        return os.stat(name, dir_fd=folder, follow_symlinks=False)

    def link(self, path: str) -> str:
        """The target of a link, as it is written."""
        above, _, name = path.rpartition("/")
        _check(name)
        return os.readlink(name, dir_fd=self.folder(f"{above}/" if above else ""))

    def _close_below(self, kept: int) -> None:
        while len(self._open) > kept:
            os.close(self._open.pop()[1])


def read_inside(root: Path, path: str, limit: int) -> bytes:
    """The bytes of one regular file; `limit` and one more where it is longer."""
    with ProjectFolder(root) as folder:
        return folder.read(path, limit)


def read_outside(path: Path, limit: int) -> bytes:
    """At most `limit` bytes of a regular file outside of a project."""
    descriptor = os.open(path, _FILE & ~os.O_NOFOLLOW)
    try:
        _check_regular(descriptor)
        return _read(descriptor, limit)[:limit]
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


def _read(descriptor: int, limit: int) -> bytes:
    """Read up to `limit` + 1 bytes, in one system call where the size does not change."""
    pieces: list[bytes] = []
    left = limit + 1
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
