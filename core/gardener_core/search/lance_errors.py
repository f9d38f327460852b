"""LanceDB's errors as ours."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from gardener_core.errors import DiskFull, IndexBroken, Remedy

MAX_MESSAGE = 200
# Where in its own source the library failed; that tells nobody here anything.
_SOURCE_LINES = re.compile(r",?\s+\S*/\S+\.rs:\d+(:\d+)?")
_PANICS = "pyo3_async_runtimes"


@contextmanager
def lance_errors() -> Iterator[None]:
    """Raise IndexBroken for what the library cannot read: an index run can make it again."""
    try:
        yield
    except _unreadable() as problem:
        message = _SOURCE_LINES.sub("", " ".join(str(problem).split()))[:MAX_MESSAGE]
        if "No space left" in message or "os error 28" in message:
            raise DiskFull(
                f"The disk is full: {message}", hint="Make room, and try again."
            ) from None
        raise IndexBroken(
            f"The index cannot be read: {message}", remedy=Remedy("repair")
        ) from problem


def _unreadable() -> tuple[type[Exception], ...]:
    """What the library raises for damaged files; evaluated only while an error is on its way.

    A panic in Rust has a class too, made at the first panic in a module that cannot be imported.
    """
    panics = (kind for kind in Exception.__subclasses__() if kind.__module__ == _PANICS)
    return RuntimeError, ValueError, OSError, *panics
