"""What git remembers of a project."""

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

PATIENCE_SECONDS = 20
COMMITS_BACK = 20


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
