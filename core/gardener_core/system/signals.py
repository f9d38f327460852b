"""Handle ctrl-C while the program starts."""

import os
import signal
from contextlib import suppress

STOPPED_BY_USER = 130


def exit_on_interrupt() -> None:
    """Let ctrl-C end the process at once, without a stack."""
    with suppress(ValueError):  # only the main thread may set a handler
        signal.signal(signal.SIGINT, _exit)


def raise_on_interrupt() -> None:
    """Let ctrl-C raise KeyboardInterrupt again."""
    with suppress(ValueError):
        signal.signal(signal.SIGINT, signal.default_int_handler)


def _exit(signum: int, frame: object) -> None:
    os._exit(STOPPED_BY_USER)
