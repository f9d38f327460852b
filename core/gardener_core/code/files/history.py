"""Read the git history of a project."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from gardener_core.code.files.git import Git, git_for
from gardener_core.code.files.listing import find_files
from gardener_core.code.files.repository import Repository
from gardener_core.errors import BadInput

COMMITS_BACK = 20
_HUNK = re.compile(r"^@@ -\S+ \+(\d+)(?:,(\d+))? @@")
_ID = re.compile(r"[0-9a-f]{4,64}")
_BOT = re.compile(r"\[bot\]|\bbot\b|dependabot|renovate|pre-commit", re.I)
_COUNTED = re.compile(r"\n?(\d+|-)\t(\d+|-)\t(.*)", re.DOTALL)
# Drivers of attributes and submodules bring configuration that is not ours.
_PLAINLY = ("--no-ext-diff", "--no-textconv", "--ignore-submodules=all", "--no-color")


@dataclass(frozen=True, slots=True)
class Commit:
    """The subject and author of a commit, and its changed lines by file."""

    id: str
    author: str
    subject: str
    lines: tuple[tuple[str, int], ...]

    @property
    def is_by_a_person(self) -> bool:
        """Whether the author is no bot, as far as the name tells."""
        return not _BOT.search(self.author)


@dataclass(frozen=True, slots=True)
class LineChange:
    """A commit that changed some lines, and the day of it."""

    id: str
    day: str
    author: str
    subject: str


@dataclass(frozen=True, slots=True)
class Touched:
    """A file after a commit, with its changed lines, 1-based and inclusive."""

    path: str
    raw: bytes
    spans: tuple[tuple[int, int], ...]


def recently_changed(root: Path, commits: int = COMMITS_BACK) -> Sequence[str]:
    """Files with uncommitted changes, then those of the last commits."""
    names = [*_changed_since_commit(root)]
    with open_history(root) as history:
        names += history.names(commits)
    return list(dict.fromkeys(names))


@contextmanager
def open_history(root: Path) -> Iterator["History"]:
    """The history of a project; empty without a repository or without git."""
    repository = Repository.around(root)
    if repository is None or not repository.head():
        yield History(None, "")
        return
    inner = root.resolve().relative_to(repository.top).as_posix()
    with git_for(repository, files=False, history=True) as git:
        yield History(git, "" if inner == "." else f"{inner}/")


class History:
    """Commits, read from objects alone; no file of the work tree is opened."""

    def __init__(self, git: Git | None, inner: str) -> None:
        self._git = git
        self._inner = inner

    def names(self, most: int) -> list[str]:
        """The files that the last commits changed."""
        output = self._ask("log", f"-n{most}", "--no-merges", "--format=", "--name-only", "-z")
        names = (name.strip("\n") for name in output.split("\0"))
        ours = (name for name in names if name and name.startswith(self._inner))
        return [name.removeprefix(self._inner) for name in ours]

    def renames(self, most: int) -> list[tuple[str, str]]:
        """Files that the last commits renamed, the old and the new path, newest first."""
        output = self._ask(
            "log", f"-n{most}", "--no-merges", "--format=", "--name-status", "-M",
            "--diff-filter=R", "-z",
        )  # fmt: skip
        fields = [field.strip("\n") for field in output.split("\0")]
        found = zip(fields[1::3], fields[2::3], strict=False)
        ours = ((old, new) for old, new in found if new.startswith(self._inner))
        return [(old.removeprefix(self._inner), new.removeprefix(self._inner)) for old, new in ours]

    def added(self, most: int) -> list[tuple[str, str]]:
        """Files that the last commits added, with the day of it, newest first."""
        output = self._ask(
            "log", f"-n{most}", "--no-merges", "--format=%x00%as", "--name-only", "--no-renames",
            "--diff-filter=A",
        )  # fmt: skip
        found = []
        for commit in output.split("\0")[1:]:
            day, _, names = commit.partition("\n")
            found += [(name, day) for name in names.splitlines() if name.startswith(self._inner)]
        return [(name.removeprefix(self._inner), day) for name, day in found if name]

    def head(self) -> str:
        """The short id of the present commit; empty where there is none."""
        return self._ask("log", "-n1", "--format=%h").strip()

    def since(self, commit: str, most: int) -> int:
        """How many commits came after one, counted up to `most`; 0 where it is unknown."""
        if not _ID.fullmatch(commit):
            return 0
        return len(self._ask("log", f"-n{most}", "--format=%h", f"{commit}..HEAD").split())

    def commits(self, most: int) -> Iterator[Commit]:
        """The last commits except merges, newest first."""
        shape = "--format=%h%x00%an%x00%s"
        output = self._ask("log", f"-n{most}", "--no-merges", shape, "--numstat", "-z")
        fields = iter(output.split("\0"))
        head = next(fields, "")
        while head.strip("\n"):
            author, subject = next(fields, ""), next(fields, "")
            lines, following = self._lines(fields)
            yield Commit(head.strip("\n"), author, subject, tuple(lines))
            head = following

    def touched_by(self, commit: Commit) -> Iterator[Touched]:
        """The files that a commit changed, as they were after it."""
        for path, _ in commit.lines:
            whole = f"{self._inner}{path}"
            diff = self._ask("show", "--format=", "--unified=0", commit.id, "--", whole)
            found = (_HUNK.match(line) for line in diff.splitlines())
            spans = tuple(_span(int(hunk[1]), hunk[2]) for hunk in found if hunk)
            raw = self._file(f"{commit.id}:{whole}") if spans else b""
            if raw:
                yield Touched(path, raw, spans)

    def committed(self, path: str) -> bytes:
        """A file as it was committed last; empty where it is not."""
        return self._file(f"HEAD:{self._inner}{path}")

    def changes_of(
        self, path: str, lines: tuple[int, int], most: int, seconds: float
    ) -> list[LineChange]:
        """The last commits that changed these lines of the committed file, newest first."""
        if self._git is None:
            return []
        _, output = self._git.ask_partially(
            None, "log", *_PLAINLY, f"-n{most}", "-s", "--no-merges",
            "--format=%h%x00%as%x00%an%x00%s%x00", f"-L{lines[0]},{lines[1]}:{self._inner}{path}",
            seconds=seconds,
        )  # fmt: skip
        fields = [field.strip("\n") for field in output.decode("utf-8", "replace").split("\0")]
        whole = len(fields) // 4 * 4
        return [LineChange(*fields[at : at + 4]) for at in range(0, whole, 4)]

    def _file(self, place: str) -> bytes:
        return (self._git.ask(None, "show", place) if self._git else None) or b""

    def _lines(self, fields: Iterator[str]) -> tuple[list[tuple[str, int]], str]:
        """The files of one commit, and the first field of the next commit."""
        lines: list[tuple[str, int]] = []
        for output in fields:
            counted = _COUNTED.fullmatch(output)
            if counted is None:
                return lines, output
            added, removed, path = counted.groups()
            if not path:  # renamed: the old and the new path
                next(fields, "")
                path = next(fields, "")
            if added.isdigit() and removed.isdigit() and path.startswith(self._inner):
                lines.append((path.removeprefix(self._inner), int(added) + int(removed)))
        return lines, ""

    def _ask(self, command: str, *arguments: str) -> str:
        """The output of git; in a clone that lacks objects, the output up to the first one."""
        if self._git is None:
            return ""
        _, output = self._git.ask_partially(None, command, *_PLAINLY, *arguments)
        return output.decode("utf-8", "replace")


def _changed_since_commit(root: Path) -> Iterator[str]:
    """Files that differ from the last commit; none where git would block."""
    repository = Repository.around(root)
    if repository is None or not _is_safe(root):
        return
    with git_for(repository, files=True, history=True) as git:
        command = ("diff", *_PLAINLY, "--name-only", "--relative", "-z", "HEAD")
        output = git.ask(root.resolve(), *command) if git else None
    yield from (name for name in (output or b"").decode("utf-8", "replace").split("\0") if name)


def _is_safe(root: Path) -> bool:
    try:
        return find_files(root).is_safe_for_git
    except BadInput:
        return False


def _span(first: int, count: str | None) -> tuple[int, int]:
    """The lines of a hunk; where lines were only removed, the one before the gap."""
    return first, first + max(int(count or 1), 1) - 1
