"""End quietly when the user stops a start."""

import os
import signal
from contextlib import suppress

STOPPED_BY_USER = 130


def leave_quietly() -> None:
    """From here on ctrl-C ends the process at once: amid an import Python would print its stack."""
    with suppress(ValueError):  # only the main thread may say so
        signal.signal(signal.SIGINT, _leave)


def raise_again() -> None:
    """From here on ctrl-C is an exception, which somebody catches."""
    with suppress(ValueError):
        signal.signal(signal.SIGINT, signal.default_int_handler)


def _leave(signum: int, frame: object) -> None:
    os._exit(STOPPED_BY_USER)
