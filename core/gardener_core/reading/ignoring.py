"""Read ignore files as git does, ours and git's."""

import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

from pathspec import GitIgnoreSpec

from gardener_core.events import SkippedFile

OURS = ".gardenerignore"
# Each rule's verdict and its expression, the last line of a file first.
Spec = tuple[tuple[bool, re.Pattern[str]], ...]
Rules = tuple[tuple[str, Spec], ...]  # nearest folder last


class OurRules:
    """What `.gardenerignore` files hide of the paths that git shows; the nearest one decides."""

    def __init__(self, root: Path, paths: Iterable[str]) -> None:
        folders = {path.removesuffix(OURS) for path in paths if is_ours(path)} | {""}
        self._specs = {folder: _spec(root / folder / OURS) for folder in folders}
        self._hidden: dict[str, bool] = {"": False}

    def hide(self, path: str) -> bool:
        """Whether a file is hidden, itself or with a folder above it."""
        if not any(self._specs.values()):
            return False
        folder = path[: path.rfind("/") + 1]
        return self._hides_folder(folder) or _ignored(path, self._rules_at(folder))

    def _hides_folder(self, folder: str) -> bool:
        if folder not in self._hidden:
            above = folder[: folder.rfind("/", 0, -1) + 1]
            hidden = self._hides_folder(above) or _ignored(folder, self._rules_at(above))
            self._hidden[folder] = hidden
        return self._hidden[folder]

    def _rules_at(self, folder: str) -> Rules:
        parts = folder.split("/")
        above = ["/".join([*parts[:depth], ""]) if depth else "" for depth in range(len(parts))]
        return tuple((name, self._specs[name]) for name in above if name in self._specs)


def is_ours(path: str) -> bool:
    """Whether a path is one of our own ignore files."""
    return PurePosixPath(path).name == OURS


def walk_without_git(root: Path) -> Iterator[str | SkippedFile]:
    """Relative paths of all files that no ignore rule hides, and folders that cannot be read.

    Symlinks are not followed.
    """
    stack: list[tuple[str, Rules]] = [("", _root_rules(root))]
    while stack:
        folder, inherited = stack.pop()
        rules = _with_own_rules(root, folder, inherited)
        entries = _entries(root / folder)
        if isinstance(entries, str):
            yield SkippedFile(folder, entries)
            continue
        for entry in entries:
            path = f"{folder}{entry.name}"
            if not _is_text(path):
                continue
            if entry.is_dir(follow_symlinks=False):
                if entry.name != ".git" and not _ignored(f"{path}/", rules):
                    stack.append((f"{path}/", rules))
            elif not _ignored(path, rules):
                yield path


def _entries(folder: Path) -> list[os.DirEntry[str]] | str:
    """What stands in a folder, or why nobody can tell."""
    try:
        with os.scandir(folder) as found:
            return list(found)
    except OSError as problem:
        return f"cannot be read: {problem.strerror}"


def _root_rules(root: Path) -> Rules:
    spec = _spec(root / ".git" / "info" / "exclude")
    return (("", spec),) if spec else ()


def _with_own_rules(root: Path, folder: str, inherited: Rules) -> Rules:
    spec = _spec(root / folder / ".gitignore")
    return (*inherited, (folder, spec)) if spec else inherited


def _spec(path: Path) -> Spec:
    """The rules of a file; none where it is not there or cannot be read."""
    try:
        lines = path.read_text("utf-8", "replace").split("\n")
    except OSError:
        return ()
    patterns = reversed(list(GitIgnoreSpec.from_lines(lines).patterns))
    return tuple((bool(p.include), p.regex) for p in patterns if p.regex is not None)


def _ignored(path: str, rules: Rules) -> bool:
    """The nearest file with a word to say decides, as in git."""
    for folder, spec in reversed(rules):
        inner = path.removeprefix(folder)
        for verdict, regex in spec:
            if _means(regex, inner):
                return verdict
    return False


def _means(regex: re.Pattern[str], path: str) -> bool:
    """Whether a rule means this very path.

    The expressions also match what lies in a folder that they mean; but whoever walks has judged
    the folders above before, and a rule for a folder has no say about the files in it.
    """
    if "ps_d" not in regex.groupindex:
        return regex.search(path.removesuffix("/")) is not None
    return any(
        found.end("ps_d") in (-1, len(path)) and found.end() == len(path)
        for found in regex.finditer(path)
    )


def _is_text(name: str) -> bool:
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True
