"""Read ignore files as git does, ours and git's."""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

from pathspec import GitIgnoreSpec

from gardener_core.events import SkippedFile

OURS = ".gardenerignore"
Rules = tuple[tuple[str, GitIgnoreSpec], ...]  # nearest folder last


class OurRules:
    """What `.gardenerignore` files hide of the paths that git shows; the nearest one decides."""

    def __init__(self, root: Path, paths: Iterable[str]) -> None:
        folders = {path.removesuffix(OURS) for path in paths if is_ours(path)} | {""}
        self._specs = {
            folder: _spec(root / folder / OURS)
            for folder in folders
            if (root / folder / OURS).is_file()
        }
        self._hidden: dict[str, bool] = {"": False}

    def hide(self, path: str) -> bool:
        """Whether a file is hidden, itself or with a folder above it."""
        if not self._specs:
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
    exclude = root / ".git" / "info" / "exclude"
    return (("", _spec(exclude)),) if exclude.is_file() else ()


def _with_own_rules(root: Path, folder: str, inherited: Rules) -> Rules:
    own = root / folder / ".gitignore"
    return (*inherited, (folder, _spec(own))) if own.is_file() else inherited


def _spec(path: Path) -> GitIgnoreSpec:
    try:
        return GitIgnoreSpec.from_lines(path.read_text("utf-8", "replace").splitlines())
    except OSError:
        return GitIgnoreSpec.from_lines([])


def _ignored(path: str, rules: Rules) -> bool:
    """The nearest file with a word to say decides, as in git."""
    for folder, spec in reversed(rules):
        verdict = spec.check_file(path.removeprefix(folder)).include
        if verdict is not None:
            return verdict
    return False


def _is_text(name: str) -> bool:
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True
