"""Find and read a project's files, as git sees them."""

import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from gardener_core.errors import BadInput
from gardener_core.events import SkippedFile
from gardener_core.reading.ignoring import walk_without_git
from gardener_core.reading.roles import why_not_ours
from gardener_core.reading.secrets import Allowed, find_secrets, hide, holds_secrets

LARGEST_BYTES = 1_000_000
BINARY_PROBE_BYTES = 8192
LONGEST_MEAN_LINE = 300
GIT_SECONDS = 60


@dataclass(frozen=True, slots=True)
class SourceText:
    """A file's content; `encoding` turns the text back into the same bytes."""

    path: str
    raw: bytes
    encoding: str

    @property
    def text(self) -> str:
        """The content as text."""
        return self.raw.decode(self.encoding)


def list_files(root: Path) -> list[str]:
    """Every file that git would track or offer to add, relative with `/`, in order."""
    if not root.is_dir():
        raise BadInput(f"{root} is not a folder.", hint="Give the folder that holds the code.")
    # Inside a folder that an outer repository ignores, git lists nothing and has no say.
    listed = _from_git(root) or list(walk_without_git(root))
    return sorted(path for path in listed if _is_plain_file(root / path))


def read_file(root: Path, path: str) -> SourceText | SkippedFile:
    """Read one file, or say why it is left out."""
    if holds_secrets(path):
        return SkippedFile(path, "holds secrets")
    try:
        if (root / path).stat().st_size > LARGEST_BYTES:
            return SkippedFile(path, "larger than 1 MB")
        raw = (root / path).read_bytes()
    except OSError as problem:
        return SkippedFile(path, f"cannot be read: {problem.strerror}")
    reason = _unfit(raw)
    if reason:
        return SkippedFile(path, reason)
    return SourceText(path, raw, _encoding(raw))


def read_sources(root: Path) -> Iterator[tuple[str, str]]:
    """Path and text of every file that was written here by hand, with its secrets hidden."""
    allowed = Allowed.of_project(root)
    for path in list_files(root):
        source = read_file(root, path)
        if isinstance(source, SourceText) and not why_not_ours(path, source.raw):
            text = source.text
            yield source.path, hide(text, allowed.keep(path, find_secrets(text)))


def _unfit(raw: bytes) -> str:
    if b"\0" in raw[:BINARY_PROBE_BYTES]:
        return "binary"
    if len(raw) > LONGEST_MEAN_LINE * (raw.count(b"\n") + 1) and len(raw) > BINARY_PROBE_BYTES:
        return "lines too long to be written by hand"
    return ""


def _encoding(raw: bytes) -> str:
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return "latin-1"
    return "utf-8"


def _is_plain_file(path: Path) -> bool:
    return path.is_file() and not path.is_symlink()


def _from_git(root: Path) -> list[str]:
    """Ask git; an empty list where it is not installed or the folder is no work tree."""
    command = [
        "git",
        "-C",
        str(root),
        "ls-files",
        "-z",
        "-co",
        "--exclude-standard",
        "--deduplicate",
    ]
    try:
        answer = subprocess.run(
            command, capture_output=True, stdin=subprocess.DEVNULL, timeout=GIT_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return []
    if answer.returncode:
        return []
    names = answer.stdout.decode("utf-8", "surrogateescape").split("\0")
    # Without a usable name a file could be neither stored nor quoted.
    return [name for name in names if name and _is_text(name)]


def _is_text(name: str) -> bool:
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True
