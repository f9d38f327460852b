"""What git remembers of a project."""

import os
import re
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

PATIENCE_SECONDS = 20
COMMITS_BACK = 20
_HUNK = re.compile(r"^@@ -\S+ \+(\d+)(?:,(\d+))? @@")
_BOT = re.compile(r"\[bot\]|\bbot\b|dependabot|renovate|pre-commit", re.I)


@dataclass(frozen=True, slots=True)
class Commit:
    """What was said, by whom, and how many lines of which files it changed."""

    id: str
    author: str
    subject: str
    lines: tuple[tuple[str, int], ...]

    @property
    def is_by_a_person(self) -> bool:
        """Whether no program wrote it, as far as its name tells."""
        return not _BOT.search(self.author)


@dataclass(frozen=True, slots=True)
class Touched:
    """A file as a commit left it, with the lines that are new in it, 1-based and inclusive."""

    path: str
    raw: bytes
    spans: tuple[tuple[int, int], ...]


def git(root: Path, *arguments: str) -> str:
    """What git answers; nothing where it is not installed, or the folder is no work tree."""
    command = ["git", "-C", str(root), "-c", "core.quotePath=false", *arguments]
    try:
        answer = subprocess.run(
            command,
            capture_output=True,
            stdin=subprocess.DEVNULL,
            env={**os.environ, "LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0"},
            timeout=PATIENCE_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return "" if answer.returncode else answer.stdout.decode("utf-8", "replace")


def lately_touched(root: Path, commits: int = COMMITS_BACK) -> Sequence[str]:
    """The files that are changed since the last commit, then those of the last commits."""
    changed = git(root, "diff", "--name-only", "--relative", "-z", "HEAD")
    command = ("log", f"-n{commits}", "--no-merges", "--format=", "--name-only", "--relative", "-z")
    logged = git(root, *command)
    names = (name.strip("\n") for name in f"{changed}\0{logged}".split("\0"))
    return list(dict.fromkeys(name for name in names if name))


def commits(root: Path, most: int) -> Iterator[Commit]:
    """The last commits that are no merges, the newest first."""
    shape = "--format=%x01%h%x1f%an%x1f%s"
    log = git(root, "log", f"-n{most}", "--no-merges", shape, "--numstat", "--relative")
    for told in log.split("\x01")[1:]:
        head, _, rest = told.partition("\n")
        name, author, subject = (*head.split("\x1f", 2), "", "")[:3]
        rows = (line.split("\t") for line in rest.splitlines() if line.count("\t") == 2)
        lines = tuple(
            (path, int(added) + int(removed))
            for added, removed, path in rows
            if added.isdigit() and removed.isdigit()
        )
        yield Commit(name, author, subject, lines)


def touched_by(root: Path, commit: Commit) -> Iterator[Touched]:
    """The files that a commit changed, as they were after it."""
    for path, _ in commit.lines:
        shape = ("--format=", "--unified=0", "--no-color", "--no-ext-diff", "--relative")
        diff = git(root, "show", *shape, commit.id, "--", path)
        found = (_HUNK.match(line) for line in diff.splitlines())
        spans = tuple(_span(int(hunk[1]), hunk[2]) for hunk in found if hunk)
        text = git(root, "show", f"{commit.id}:./{path}") if spans else ""
        if text:
            yield Touched(path, text.encode(), spans)


def _span(first: int, count: str | None) -> tuple[int, int]:
    """Lines of a hunk; where lines were only taken away, the one before the gap."""
    return first, first + max(int(count or 1), 1) - 1
