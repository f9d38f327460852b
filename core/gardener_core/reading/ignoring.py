"""Walk a folder by its ignore files where git is absent."""

import os
from collections.abc import Iterator
from pathlib import Path

from pathspec import GitIgnoreSpec

Rules = tuple[tuple[str, GitIgnoreSpec], ...]  # nearest folder last


def walk_without_git(root: Path) -> Iterator[str]:
    """Relative paths of all files that no ignore rule hides; symlinks are not followed."""
    stack: list[tuple[str, Rules]] = [("", _root_rules(root))]
    while stack:
        folder, inherited = stack.pop()
        rules = _with_own_rules(root, folder, inherited)
        for entry in _entries(root / folder):
            path = f"{folder}{entry.name}"
            if not _is_text(path):
                continue
            if entry.is_dir(follow_symlinks=False):
                if entry.name != ".git" and not _ignored(f"{path}/", rules):
                    stack.append((f"{path}/", rules))
            elif not _ignored(path, rules):
                yield path


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as found:
            return list(found)
    except OSError:  # a folder that may not be read holds nothing for us
        return []


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
