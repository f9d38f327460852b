"""A reader that never ends with one file."""

import threading

from gardener_core.code.worker import FileRead

STALLS = "stall.py"


def stall(read: FileRead) -> FileRead:
    """What a pool does with a file that was read: nothing, but for one it takes for ever."""
    if read.path == STALLS:
        threading.Event().wait()
    return read
