"""End with the process that started us."""

import ctypes
import multiprocessing
import os
import signal
import sys
import threading
from multiprocessing.connection import wait

PR_SET_PDEATHSIG = 1
STDIN = 0


def end_with_stdin() -> None:
    """Let this process die when nobody holds the other side of its standard input any more."""

    def watch() -> None:
        while os.read(STDIN, 1024):
            pass
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def end_with_parent() -> None:
    """Let this spawned process die with its parent, however the parent died.

    The thread works everywhere; the kernel's signal also ends a C call that keeps the GIL, and
    fires when the thread that started us ends, so workers are started from the main thread.
    """
    parent = multiprocessing.parent_process()
    if parent is None:
        return
    sentinel = parent.sentinel
    threading.Thread(target=lambda: (wait([sentinel]), os._exit(0)), daemon=True).start()
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent.pid:  # it died before the call
            os._exit(0)
