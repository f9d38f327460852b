"""Spawn worker processes, each with a pipe."""

from collections.abc import Callable
from multiprocessing import Pipe, get_context
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any


def spawn_worker(
    target: Callable[..., None], *arguments: Any, duplex: bool = True
) -> tuple[BaseProcess, Connection]:
    """Start a worker with one end of a pipe; returns the other end.

    Spawned, never forked. A worker calls `watchdog.end_with_parent` first of all.
    """
    ours, theirs = Pipe(duplex=duplex)
    process = get_context("spawn").Process(target=target, args=(theirs, *arguments), daemon=True)
    process.start()
    theirs.close()
    return process, ours
