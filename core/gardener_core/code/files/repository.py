"""Find the git folder of a project, and read it."""

import os
import re
import stat
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from gardener_core.code.files.bounded import read_outside

POINTER_BYTES = 64_000
CONFIG_BYTES = 1_000_000
PACKED_BYTES = 256 << 20
MOST_HOPS = 5
MOST_BORROWED = 20
_HASH = re.compile(r"[0-9a-f]{40}([0-9a-f]{24})?")
_SHA256 = re.compile(rb"^\s*objectformat\s*=\s*\"?sha256", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Repository:
    """The folders of a repository; all of it is read as plain files."""

    top: Path  # the outermost folder of the work tree
    folder: Path  # HEAD and index of this work tree
    common: Path  # objects and branches, shared by several work trees

    @classmethod
    def around(cls, root: Path) -> "Repository | None":
        """The repository that a folder belongs to."""
        root = root.resolve()
        with suppress(OSError):
            device = root.stat().st_dev
            for top in (root, *root.parents):
                if top.stat().st_dev != device:
                    return None
                place = git_folder(top / ".git")
                if place:
                    return cls(top, place, _common(place))
        return None

    @property
    def objects(self) -> Path:
        """The folder of the objects."""
        return self.common / "objects"

    def has_plain_objects(self) -> bool:
        """Whether git could not block on its own files: all are regular."""
        folders = [self.objects]
        for folder in folders:
            for inner in ("info", "info/commit-graphs", "pack", "pack/multi-pack-index.d"):
                if not _holds_plain_files(folder / inner):
                    return False
            borrowed = _borrowed(folder)
            if len(folders) + len(borrowed) > MOST_BORROWED:
                return False
            folders += [other for other in borrowed if other not in folders]
        return True

    @property
    def is_sha256(self) -> bool:
        """Whether objects have SHA-256 names; the only setting that is read."""
        try:
            return _SHA256.search(read_outside(self.common / "config", CONFIG_BYTES)) is not None
        except OSError:
            return False

    def head(self) -> str:
        """The commit that is checked out; empty before the first, or where it cannot be read.

        The reftable format is not read; files are listed all the same.
        """
        name = "HEAD"
        for _ in range(MOST_HOPS):
            content = self._reference(name)
            if _HASH.fullmatch(content):
                return content
            if not content.startswith("ref:"):
                return ""
            name = content.removeprefix("ref:").strip()
            if not name.startswith("refs/") or ".." in name.split("/"):
                return ""
        return ""

    def index_files(self) -> Iterator[Path]:
        """The index, and its shared part where it is split."""
        yield self.folder / "index"
        with suppress(OSError), os.scandir(self.folder) as entries:
            yield from (Path(e.path) for e in entries if e.name.startswith("sharedindex."))

    def _reference(self, name: str) -> str:
        for folder in (self.folder, self.common):
            place = folder / name
            with suppress(OSError):
                if place.is_symlink():  # an old way to name branches
                    return f"ref: {os.readlink(place)}"
                return read_outside(place, POINTER_BYTES).decode("utf-8", "replace").strip()
        with suppress(OSError):
            packed = read_outside(self.common / "packed-refs", PACKED_BYTES)
            line = re.search(rb"^([0-9a-f]+) " + re.escape(os.fsencode(name)) + rb"$", packed, re.M)
            return line[1].decode() if line else ""
        return ""


def _holds_plain_files(folder: Path) -> bool:
    try:
        with os.scandir(folder) as entries:
            return all(entry.is_file() or entry.is_dir() for entry in entries)
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:
        return False


def _borrowed(objects: Path) -> list[Path]:
    """The alternate object folders that one names."""
    try:
        content = read_outside(objects / "info" / "alternates", POINTER_BYTES)
    except OSError:
        return []
    lines = (line for line in content.splitlines() if line and not line.startswith((b"#", b'"')))
    return [objects / os.fsdecode(line) for line in lines]


def git_folder(place: Path) -> Path | None:
    """The git folder of a `.git` folder or file; None where it is no repository."""
    try:
        mode = place.stat().st_mode
    except OSError:
        return None
    if stat.S_ISREG(mode):
        named = _named_in(place, "gitdir: ")
        place = place.parent / named if named else Path(os.devnull)
    return place if _is_git_folder(place) else None


def _is_git_folder(place: Path) -> bool:
    """Whether a folder is a git folder, by the checks of git."""
    has_head = (place / "HEAD").is_symlink() or (place / "HEAD").is_file()
    common = _common(place)
    return has_head and (common / "objects").is_dir() and (common / "refs").is_dir()


def _common(place: Path) -> Path:
    named = _named_in(place / "commondir", "")
    return place / named if named else place


def _named_in(file: Path, mark: str) -> str:
    """The path in a file of one line; empty for any other file."""
    try:
        content = os.fsdecode(read_outside(file, POINTER_BYTES)).rstrip("\r\n")
    except OSError:
        return ""
    named = content.removeprefix(mark)
    return named if content.startswith(mark) and "\0" not in named else ""
