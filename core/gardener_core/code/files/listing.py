"""Find and read a project's files, as git sees them."""

import codecs
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from gardener_core.code.files.bounded import ProjectFolder
from gardener_core.code.files.git import git_for
from gardener_core.code.files.ignore_rules import OurRules
from gardener_core.code.files.repository import Repository
from gardener_core.code.files.walk import Stat, walk
from gardener_core.code.roles import why_not_learned
from gardener_core.code.secrets.detection import (
    ALLOWED_FILE,
    Allowed,
    find_secrets,
    hide,
    holds_secrets,
    problem_of_allowed,
)
from gardener_core.errors import BadInput
from gardener_core.events.parts import SkippedFile

LARGEST_BYTES = 1_000_000
BINARY_PROBE_BYTES = 8192
LARGEST_ANYWAY_BYTES = 10_000_000
LONGEST_MEAN_LINE = 300
LONG_LINES = "lines too long to be written by hand"


@dataclass(frozen=True, slots=True)
class SourceText:
    """A file's content; `encoding` turns the text back into the same bytes.

    UTF-16 files are converted to UTF-8: a parser takes nothing else.
    """

    path: str
    raw: bytes
    encoding: str

    @property
    def text(self) -> str:
        """The content as text."""
        return self.raw.decode(self.encoding)


@dataclass(frozen=True, slots=True)
class FileList:
    """The files of a project, relative with `/` and sorted, and what cannot be read.

    `stats` are filled if asked for, except for files that vanished meanwhile; `folders` are those
    that hold files or may get some, as `a/b/`, the root as an empty string. Git must not read the
    files themselves where `is_safe_for_git` is false.
    """

    paths: tuple[str, ...]
    unreadable: tuple[SkippedFile, ...]
    stats: Mapping[str, Stat]
    folders: tuple[str, ...]
    is_safe_for_git: bool


def list_files(root: Path) -> list[str]:
    """Every file that git would track or offer to add and no `.gardenerignore` hides."""
    return list(find_files(root).paths)


def find_files(root: Path, *, stats: bool = False) -> FileList:
    """List the files, with what is left out and why: unreadable folders, links that lead back,
    nested repositories, undecodable names, lines of ignore files without effect.

    Git is asked for its tracked files, with a git folder of our own; we apply the ignore files
    ourselves, so that none can block. Without git no file is tracked.
    """
    if not root.is_dir():
        raise BadInput(
            f"{root} is not there any more." if not root.exists() else f"{root} is not a folder.",
            hint="Give the folder that holds the code.",
        )
    repository = Repository.around(root)
    try:
        walked = walk(root, repository, _tracked(root, repository), stats=stats)
        names = sorted(walked.files)
        with ProjectFolder(root) as folder:
            ours = OurRules(folder, names)
            shown = problem_of_allowed(folder)
    except OSError as problem:
        raise BadInput(
            f"{root} cannot be read: {problem.strerror}.", hint="Give a folder that you may read."
        ) from None
    paths = [name for name in names if not ours.hide(name)] if ours else names
    return FileList(
        paths=tuple(paths),
        unreadable=(
            *sorted(walked.left_out, key=_place),
            *ours.problems,
            *([SkippedFile(ALLOWED_FILE, shown)] if shown else []),
        ),
        stats={path: known for path in paths if (known := walked.files[path])} if stats else {},
        folders=tuple(walked.folders),
        is_safe_for_git=walked.is_safe_for_git,
    )


def read_file(root: Path, path: str, anyway: bool = False) -> SourceText | SkippedFile:
    """Read one file, or say why it is skipped; `anyway` takes large files and long lines."""
    try:
        with ProjectFolder(root) as folder:
            return read_from(folder, path, anyway)
    except OSError as problem:
        return SkippedFile(path, f"cannot be read: {problem.strerror}")


def read_from(folder: ProjectFolder, path: str, anyway: bool = False) -> SourceText | SkippedFile:
    """The same in an open folder, which is cheaper for many files in order."""
    if holds_secrets(path):
        return SkippedFile(path, "holds secrets")
    most = LARGEST_ANYWAY_BYTES if anyway else LARGEST_BYTES
    try:
        raw = folder.read(path, most)
    except OSError as problem:
        return SkippedFile(path, f"cannot be read: {problem.strerror}")
    if len(raw) > most:
        return SkippedFile(path, "larger than 10 MB" if anyway else "larger than 1 MB")
    raw = as_utf8(raw)
    reason = unreadable_reason(raw)
    if reason and not (anyway and reason == LONG_LINES):
        return SkippedFile(path, reason)
    return SourceText(path, raw, _encoding(raw))


def read_sources(root: Path) -> Iterator[tuple[str, str]]:
    """Path and text of every hand-written file, with its secrets hidden."""
    allowed = Allowed.of_project(root)
    with ProjectFolder(root) as folder:
        for path in list_files(root):
            source = read_from(folder, path)
            if isinstance(source, SourceText) and not why_not_learned(path, source.raw):
                text = source.text
                yield source.path, hide(text, allowed.keep(path, find_secrets(text)))


def unreadable_reason(raw: bytes) -> str:
    """Why content is not read as text; empty where it is."""
    if b"\0" in raw[:BINARY_PROBE_BYTES]:
        return "binary"
    if len(raw) > LONGEST_MEAN_LINE * (raw.count(b"\n") + 1) and len(raw) > BINARY_PROBE_BYTES:
        return LONG_LINES
    return ""


def as_utf8(raw: bytes) -> bytes:
    """Convert text with a UTF-16 mark to UTF-8 without a mark; leave anything else."""
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


def _tracked(root: Path, repository: Repository | None) -> frozenset[str]:
    """The files that git tracks, deleted ones too; none without git."""
    if repository is None:
        return frozenset()
    with git_for(repository, files=True, history=False) as git:
        output = git.ask(root.resolve(), "ls-files", "-z", "--cached") if git else None
    names = (output or b"").decode("utf-8", "surrogateescape").split("\0")
    return frozenset(name for name in names if name)


def _place(item: SkippedFile) -> str:
    return item.path
