"""Walk a project, and never out of it."""

import os
from collections.abc import Iterator, Sequence, Set
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from gardener_core.code.files.bounded import ProjectFolder, read_outside
from gardener_core.code.files.git import user_excludes
from gardener_core.code.files.ignore_rules import (
    GITS,
    LARGEST_BYTES,
    IgnoreRules,
    RuleFile,
    read_rules,
)
from gardener_core.code.files.repository import Repository, git_folder
from gardener_core.code.files.symlinks import odd_target
from gardener_core.events.parts import SkippedFile

LONGEST_PATH = 2000
OWN_REPOSITORY = "a repository of its own"
# Files that git itself reads in a work tree; where one is not regular, git is not used there.
READ_BY_GIT = frozenset({GITS, ".gitattributes", ".gitmodules"})


class Stat(NamedTuple):
    """A file's size and time; a tuple, since there are as many as files."""

    bytes: int
    changed_ns: int


@dataclass(slots=True)
class Walked:
    """The files of a project, the folders that hold them or may, and what is left out."""

    files: dict[str, Stat | None] = field(default_factory=dict)
    folders: list[str] = field(default_factory=list)
    left_out: list[SkippedFile] = field(default_factory=list)
    is_safe_for_git: bool = True


def walk(
    root: Path, repository: Repository | None, tracked: Set[str], *, stats: bool = False
) -> Walked:
    """Every file that is tracked or not ignored; links are not followed."""
    found = Walked()
    place = os.path.realpath(root)
    rules, ignored = _outer_rules(Path(place), repository, found, bool(tracked))
    tree = _Tree(place, tracked, folders_above(tracked), stats)
    with ProjectFolder(root) as folder:
        waiting = [("", rules, ignored)]
        while waiting:
            waiting += _Folder(*waiting.pop(), folder, tree, found).look()
    return found


def folders_above(paths: Set[str]) -> Set[str]:
    """Every folder that holds one of the paths, at any depth, as `a/b/`; the root is empty."""
    holding: set[str] = set()
    for path in paths:
        at = path.rfind("/")
        while at >= 0 and path[: at + 1] not in holding:
            holding.add(path[: at + 1])
            at = path.rfind("/", 0, at)
    return holding


@dataclass(frozen=True, slots=True)
class _Tree:
    """What applies to all folders of a walk."""

    place: str
    tracked: Set[str]
    holding: Set[str]
    stats: bool


@dataclass(slots=True)
class _Folder:
    """One folder of a walk; of an ignored one only tracked files count."""

    path: str
    rules: IgnoreRules
    ignored: bool
    root: ProjectFolder
    tree: _Tree
    found: Walked

    def look(self) -> list[tuple[str, IgnoreRules, bool]]:
        """Add the files of the folder; returns the folders to visit next."""
        try:
            descriptor = self.root.folder(self.path)
            with os.scandir(descriptor) as listed:
                entries = list(listed)
        except FileNotFoundError:  # gone since it was listed
            return []
        except OSError as problem:
            self._leave_out(self.path, f"cannot be read: {problem.strerror}")
            return []
        names = {entry.name for entry in entries}
        if self.path and ".git" in names and self._is_own_repository():
            if not self.ignored:
                self._leave_out(self.path, OWN_REPOSITORY)
            if self.path not in self.tree.holding:
                return []
            self.ignored = True
        self.found.folders.append(self.path)
        if not self.ignored and GITS in names:
            file = read_rules(self.root, self.path, GITS)
            self.found.left_out += file.problems
            self.rules = self.rules.with_file(file)
        inner: list[tuple[str, IgnoreRules, bool]] = []
        links: list[str] = []
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                inner += self._folder(entry)
            else:
                links += self._file(entry)
        for path in links:  # last, since reading one may close this folder
            reason = odd_target(self.root, self.tree.place, path)
            if reason:
                self._leave_out(path, reason)
        return inner

    def _folder(self, entry: os.DirEntry[str]) -> list[tuple[str, IgnoreRules, bool]]:
        path = f"{self.path}{entry.name}"
        if entry.name == ".git" or not self._has_usable_name(path):
            return []
        if entry.name in READ_BY_GIT:
            self.found.is_safe_for_git = False
        if path in self.tree.tracked:  # a submodule
            self._leave_out(f"{path}/", OWN_REPOSITORY)
            return []
        inner = f"{path}/"
        ignored = self.ignored or self.rules.ignore(path, entry.name, True)
        return [] if ignored and inner not in self.tree.holding else [(inner, self.rules, ignored)]

    def _file(self, entry: os.DirEntry[str]) -> list[str]:
        """Add a file; returns the path of a link."""
        if entry.name == ".git":  # of a work tree or a submodule: it names the git folder
            return []
        path = f"{self.path}{entry.name}"
        regular = entry.is_file(follow_symlinks=False)
        if not regular and entry.name in READ_BY_GIT:
            self.found.is_safe_for_git = False
        if path not in self.tree.tracked and (
            self.ignored or (self.rules and self.rules.ignore(path, entry.name, False))
        ):
            return []
        if not self._has_usable_name(path):
            return []
        if regular:
            self.found.files[path] = self._stat(entry) if self.tree.stats else None
            return []
        return [path] if entry.is_symlink() else []

    def _stat(self, entry: os.DirEntry[str]) -> Stat | None:
        try:
            known = entry.stat(follow_symlinks=False)
        except OSError:  # gone since it was listed
            return None
        return Stat(known.st_size, known.st_mtime_ns)

    def _has_usable_name(self, path: str) -> bool:
        """Whether a path can be stored and quoted; one that cannot is left out."""
        if not path.isascii():
            try:
                path.encode("utf-8")
            except UnicodeEncodeError:
                self._leave_out(path, "its name is not UTF-8")
                return False
        if len(path) > LONGEST_PATH:
            self._leave_out(path, "its path is too long")
            return False
        return True

    def _is_own_repository(self) -> bool:
        return git_folder(Path(self.tree.place, self.path, ".git")) is not None

    def _leave_out(self, path: str, reason: str) -> None:
        self.found.left_out.append(SkippedFile(printable(path), reason))


def printable(path: str) -> str:
    """A path with its undecodable bytes escaped, as in `caf\\xe9.py`."""
    return path.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def _outer_rules(
    root: Path, repository: Repository | None, found: Walked, has_tracked: bool
) -> tuple[IgnoreRules, bool]:
    """The ignore rules from outside a project, and whether untracked files are ignored.

    A repository that ignores the project's folder, and tracks nothing in it, has no say.
    """
    users = RuleFile.parse(user_excludes(root), "", "the user's excludes file")
    if repository is None:
        return IgnoreRules([users]), False
    files = [users, _exclude_file(repository, found)]
    inner = root.relative_to(repository.top).parts
    folder = ""
    with suppress(OSError):  # a folder above may be unreadable
        for name, file in zip(inner, _files_above(repository.top, inner), strict=False):
            files.append(file)
            if IgnoreRules(files).ignore(f"{folder}{name}", name, True):
                return IgnoreRules([users]), has_tracked
            folder += f"{name}/"
    folder = "".join(f"{name}/" for name in inner)
    for file in files:
        file.seen_from(folder)
        if folder:
            outside = (SkippedFile(f"outside: {each.path}", each.reason) for each in file.problems)
            found.left_out += outside
    return IgnoreRules(files), False


def _files_above(top: Path, inner: Sequence[str]) -> Iterator[RuleFile]:
    """The ignore files of the folders above a project, from the outside in."""
    if inner:
        with ProjectFolder(top) as folder:
            for depth in range(len(inner)):
                above = "".join(f"{name}/" for name in inner[:depth])
                yield read_rules(folder, above, GITS)


def _exclude_file(repository: Repository, found: Walked) -> RuleFile:
    place = repository.common / "info" / "exclude"
    try:
        file = RuleFile.parse(read_outside(place, LARGEST_BYTES), "", ".git/info/exclude")
    except FileNotFoundError:
        return RuleFile("")
    except OSError as problem:
        reason = f"has no effect: {problem.strerror}"
        file = RuleFile("", [SkippedFile(".git/info/exclude", reason)])
    found.left_out += file.problems
    return file
