"""Run git with a git folder of our own."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache
from pathlib import Path

from gardener_core.code.files.bounded import read_outside
from gardener_core.code.files.repository import Repository
from gardener_core.system.processes.bounded import run_bounded

PROGRAM = "git"
SHARED_MEMORY = "/dev/shm"
PATIENCE_SECONDS = 20.0
LARGEST_INDEX_BYTES = 1 << 30
MOST_EXCLUDES_BYTES = 1_000_000
PIECE_BYTES = 1 << 20
# Neither the project's configuration nor the user's has any effect.
_ENVIRONMENT = {
    "HOME": "/nonexistent",
    "LC_ALL": "C",
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_ATTR_NOSYSTEM": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
}


class Git:
    """Git on a folder of ours, with the project's objects and index and without configuration.

    A repository names what git should run in its configuration, so nothing of it can run, and
    without a remote nothing is fetched.
    """

    def __init__(self, program: str, path: str, own: Path, work_tree: Path) -> None:
        self._program = program
        self._work_tree = work_tree
        self._environment = {
            **_ENVIRONMENT,
            "PATH": path,
            "GIT_DIR": str(own),
            "GIT_WORK_TREE": str(work_tree),
        }

    def ask(
        self, folder: Path | None, *arguments: str, seconds: float = PATIENCE_SECONDS
    ) -> bytes | None:
        """The output of git in a folder of the work tree; None where it fails."""
        whole, output = self.ask_partially(folder, *arguments, seconds=seconds)
        return output if whole else None

    def ask_partially(
        self, folder: Path | None, *arguments: str, seconds: float = PATIENCE_SECONDS
    ) -> tuple[bool, bytes]:
        """The same with the output before a failure, as where objects are missing."""
        where = str(folder or self._work_tree)
        command = [self._program, "-C", where, "--literal-pathspecs", *arguments]
        return run_bounded(command, self._environment, seconds)


@contextmanager
def git_for(repository: Repository, *, files: bool, history: bool) -> Iterator[Git | None]:
    """Git for a repository; None where it is not installed, or would wait for ever.

    With `files` it sees the index and the work tree. Without, its work tree is an empty folder, so
    that it opens no file of the project.
    """
    path = trusted_path(repository.top)
    program = shutil.which(PROGRAM, path=path)
    if program is None or not repository.has_plain_objects():
        yield None
        return
    import tempfile  # 4 ms, which commands that never ask git need not pay

    with tempfile.TemporaryDirectory(
        prefix="gardener-", dir=_memory_folder(), ignore_cleanup_errors=True
    ) as made:
        own = Path(made) / "own"
        empty = Path(made) / "empty"
        empty.mkdir()
        _fill(own, repository, files=files, history=history)
        yield Git(program, path, own, repository.top if files else empty)


def git_version() -> str:
    """The version line of git; empty where it is not installed."""
    path = trusted_path(None)
    program = shutil.which(PROGRAM, path=path)
    if program is None:
        return ""
    whole, output = run_bounded(
        [program, "--version"], {**_ENVIRONMENT, "PATH": path}, PATIENCE_SECONDS
    )
    return output.decode("utf-8", "replace").strip().partition("\n")[0] if whole else ""


def user_excludes(project: Path) -> bytes:
    """The user's global excludes file, found by the user's own configuration.

    Read once: a long-lived process does not see a change.
    """
    kept = ("HOME", "XDG_CONFIG_HOME", "GIT_CONFIG_GLOBAL", "GIT_CONFIG_NOSYSTEM")
    users = {name: os.environ[name] for name in kept if name in os.environ}
    return _read_user_excludes(tuple(users.items()), trusted_path(project))


@lru_cache(maxsize=4)
def _read_user_excludes(users: tuple[tuple[str, str], ...], path: str) -> bytes:
    environment = dict(users)
    program = shutil.which(PROGRAM, path=path)
    named = ""
    if program:
        # With no repository to find, a project's configuration has no effect.
        environment |= {"PATH": path, "LC_ALL": "C", "GIT_DIR": os.devnull}
        command = [program, "config", "--type=path", "--get", "core.excludesFile"]
        whole, output = run_bounded(command, environment, PATIENCE_SECONDS)
        named = os.fsdecode(output.removesuffix(b"\n")) if whole else ""
    base = dict(users).get("XDG_CONFIG_HOME") or os.path.expanduser("~/.config")
    place = Path(named or os.path.join(base, "git", "ignore"))
    with suppress(OSError):
        return read_outside(place, MOST_EXCLUDES_BYTES) if place.is_absolute() else b""
    return b""


def trusted_path(project: Path | None) -> str:
    """The search path for programs, without relative folders and folders in the project."""
    inside = f"{project}{os.sep}" if project else "\0"
    folders = (os.environ.get("PATH") or os.defpath).split(os.pathsep)
    kept = (
        folder
        for folder in folders
        if os.path.isabs(folder) and not f"{os.path.realpath(folder)}{os.sep}".startswith(inside)
    )
    return os.pathsep.join(kept)


def _memory_folder() -> str | None:
    """A folder in memory, if there is one: a disk takes milliseconds instead of microseconds."""
    return SHARED_MEMORY if os.access(SHARED_MEMORY, os.W_OK | os.X_OK) else None


def _fill(own: Path, repository: Repository, *, files: bool, history: bool) -> None:
    """Fill the git folder: objects by reference, a copy of the index, the commit of HEAD."""
    (own / "objects" / "info").mkdir(parents=True)
    (own / "refs").mkdir()
    version, more = (
        (1, "[extensions]\nobjectFormat = sha256\n") if repository.is_sha256 else (0, "")
    )
    (own / "config").write_text(
        f"[core]\nrepositoryformatversion = {version}\nbare = false\n{more}"
    )
    head = repository.head() if history else ""
    (own / "HEAD").write_text(f"{head or 'ref: refs/heads/unborn'}\n")
    objects = os.fsencode(repository.objects)
    for letter in (b"\\", b'"', b"\n"):
        objects = objects.replace(letter, b"\\n" if letter == b"\n" else b"\\" + letter)
    (own / "objects" / "info" / "alternates").write_bytes(b'"' + objects + b'"\n')
    if history:
        with suppress(OSError):
            (own / "shallow").write_bytes(read_outside(repository.common / "shallow", PIECE_BYTES))
    if files:
        for source in repository.index_files():
            with suppress(OSError):
                (own / source.name).write_bytes(read_outside(source, LARGEST_INDEX_BYTES))
