"""Keep the engine's pipes apart from what libraries print."""

import os
from dataclasses import dataclass
from pathlib import Path

from gardener_core.system.files.atomic import make_folder


@dataclass(frozen=True, slots=True)
class Pipes:
    """Private copies of stdin and stdout."""

    requests: int
    replies: int


def claim(log: Path) -> Pipes:
    """Take stdin and stdout for ourselves, and send what anybody prints to the log.

    To be called before anything else is imported.
    """
    os.umask(0o077)
    pipes = Pipes(os.dup(0), os.dup(1))  # not inherited by children, as Python makes them
    nothing = os.open(os.devnull, os.O_RDONLY)
    output = _log(log)
    os.dup2(nothing, 0)
    os.dup2(output, 1)
    os.dup2(output, 2)
    os.close(nothing)
    os.close(output)
    return pipes


def _log(path: Path) -> int:
    """The log; on a disk that takes nothing, prints are lost and the work goes on."""
    try:
        make_folder(path.parent)
        return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NONBLOCK, 0o600)
    except OSError:
        return os.open(os.devnull, os.O_WRONLY)
