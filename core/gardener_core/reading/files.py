"""Find and read a project's files, as git sees them."""

import codecs
import errno
import os
import re
import stat
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from gardener_core.errors import BadInput
from gardener_core.events import SkippedFile
from gardener_core.reading.ignoring import OurRules, walk_without_git
from gardener_core.reading.roles import why_not_ours
from gardener_core.reading.secrets import Allowed, find_secrets, hide, holds_secrets

LARGEST_BYTES = 1_000_000
BINARY_PROBE_BYTES = 8192
LARGEST_ANYWAY_BYTES = 10_000_000
LONGEST_MEAN_LINE = 300
LONG_LINES = "lines too long to be written by hand"
GIT_SECONDS = 60
_CLOSED_FOLDER = re.compile(r"^warning: could not open directory '(.*)': (.*)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class SourceText:
    """A file's content; `encoding` turns the text back into the same bytes.

    What stands in UTF-16 on the disk is UTF-8 here: a parser takes nothing else.
    """

    path: str
    raw: bytes
    encoding: str

    @property
    def text(self) -> str:
        """The content as text."""
        return self.raw.decode(self.encoding)


@dataclass(frozen=True, slots=True)
class Found:
    """The files of a project, relative with `/` and in order, and what could not be looked at."""

    paths: tuple[str, ...]
    unreadable: tuple[SkippedFile, ...]


def list_files(root: Path) -> list[str]:
    """Every file that git would track or offer to add and no `.gardenerignore` hides."""
    return list(find_files(root).paths)


def find_files(root: Path) -> Found:
    """The same, with folders that cannot be read, links that lead nowhere and inner repositories.

    Inside a folder that an outer repository ignores, git lists nothing and has no say.
    """
    if not root.is_dir():
        raise BadInput(
            f"{root} is not there any more." if not root.exists() else f"{root} is not a folder.",
            hint="Give the folder that holds the code.",
        )
    listed = _from_git(root) or list(walk_without_git(root))
    unreadable = [item for item in listed if isinstance(item, SkippedFile)]
    names = sorted(item for item in listed if isinstance(item, str))
    ours = OurRules(root, names)
    paths = []
    for name in names:
        if ours.hide(name):
            continue
        reason = _unlike_a_file(root, name)
        if reason is None:
            paths.append(name)
        elif reason:
            unreadable.append(SkippedFile(name, reason))
    return Found(tuple(paths), tuple(unreadable))


def read_file(root: Path, path: str, anyway: bool = False) -> SourceText | SkippedFile:
    """Read one file, or say why it is left out; anyway: even a large one or one with long lines."""
    if holds_secrets(path):
        return SkippedFile(path, "holds secrets")
    try:
        size = (root / path).stat().st_size
        if size > (LARGEST_ANYWAY_BYTES if anyway else LARGEST_BYTES):
            return SkippedFile(path, "larger than 10 MB" if anyway else "larger than 1 MB")
        raw = (root / path).read_bytes()
    except OSError as problem:
        return SkippedFile(path, f"cannot be read: {problem.strerror}")
    raw = as_utf8(raw)
    reason = unfit(raw)
    if reason and not (anyway and reason == LONG_LINES):
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


def unfit(raw: bytes) -> str:
    """Why a content is not read as text; nothing where it is."""
    if b"\0" in raw[:BINARY_PROBE_BYTES]:
        return "binary"
    if len(raw) > LONGEST_MEAN_LINE * (raw.count(b"\n") + 1) and len(raw) > BINARY_PROBE_BYTES:
        return LONG_LINES
    return ""


def as_utf8(raw: bytes) -> bytes:
    """Text whose mark says UTF-16, as UTF-8 without a mark; anything else as it is."""
    if not raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return raw
    if raw.startswith(codecs.BOM_UTF32_LE):
        return raw
    try:
        return raw.decode("utf-16").encode()
    except UnicodeError:  # the mark was chance
        return raw


def _encoding(raw: bytes) -> str:
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return "latin-1"
    return "utf-8"


def _unlike_a_file(root: Path, name: str) -> str | None:
    """None for a plain file; else what is wrong, or nothing for what is only not meant to be read.

    Called for every file of a project: one system call for nearly all of them.
    """
    path = f"{root}/{name}"
    try:
        mode = os.lstat(path).st_mode
    except OSError as problem:
        # Tracked by git, but deleted in the work tree: not there, and nobody's fault.
        return "" if problem.errno == errno.ENOENT else f"cannot be read: {problem.strerror}"
    if stat.S_ISREG(mode):
        return None
    if stat.S_ISLNK(mode):
        return _loop(path)
    return "a repository of its own" if stat.S_ISDIR(mode) else ""


def _loop(path: str) -> str:
    """Links are not followed; one that leads back is told, since it surprises."""
    try:
        os.stat(path)
    except OSError as problem:
        return "a link that leads to itself" if problem.errno == errno.ELOOP else ""
    target = os.path.realpath(path)
    here = os.path.realpath(os.path.dirname(path))
    back = os.path.commonpath([target, here]) == target
    return "a link that leads to a folder above it" if back else ""


def _from_git(root: Path) -> list[str | SkippedFile]:
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
            command,
            capture_output=True,
            stdin=subprocess.DEVNULL,
            env={**os.environ, "LC_ALL": "C"},  # its warnings are read below
            timeout=GIT_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return []
    if answer.returncode:
        return []
    names = answer.stdout.decode("utf-8", "surrogateescape").split("\0")
    # Without a usable name a file could be neither stored nor quoted.
    closed = _CLOSED_FOLDER.findall(answer.stderr.decode("utf-8", "replace"))
    return [
        *(name for name in names if name and _is_text(name)),
        *(SkippedFile(folder, f"cannot be read: {reason}") for folder, reason in closed),
    ]


def _is_text(name: str) -> bool:
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True
