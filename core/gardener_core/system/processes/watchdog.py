"""End this process with its parent."""

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
    """End this process when the other side of its standard input is closed."""

    def watch() -> None:
        while os.read(STDIN, 1024):
            pass
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def end_with_parent() -> None:
    """End this spawned process with its parent, however the parent ended.

    The thread works everywhere; the kernel's signal also ends a C call that holds the GIL. It is
    sent when the thread that started us ends, so workers are started from the main thread.
    """
    parent = multiprocessing.parent_process()
    if parent is None:
        return
    sentinel = parent.sentinel
    threading.Thread(target=lambda: (wait([sentinel]), os._exit(0)), daemon=True).start()
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent.pid:  # the parent died before the call
            os._exit(0)
