"""Start a job and pass its lock on to it."""

# Run as a file by `python -I -S`, in a short process of its own, so that the job becomes nobody's
# zombie and no threaded process has to fork. It imports nothing of ours, to finish in 15 ms.

import fcntl
import json
import os
import subprocess
import sys
import time

ALREADY_RUNNING = 75
# A reader that checks for a live run holds the lock for microseconds; that is not a running job.
PATIENCE_SECONDS = 0.5


def main() -> None:
    """Start the job of RUN_FOLDER ATTEMPT CODE with its lock."""
    folder, attempt, code = sys.argv[1:]
    lock = os.open(os.path.join(folder, "alive"), os.O_RDWR | os.O_CREAT, 0o600)
    if not acquire(lock):
        sys.exit(ALREADY_RUNNING)
    reset_request(folder, int(attempt))
    log = os.open(os.path.join(folder, "log.txt"), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    subprocess.Popen(
        [sys.executable, "-P", "-c", code, folder, attempt, str(lock)],
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
        start_new_session=True,
        pass_fds=(lock,),
        cwd="/",
    )
    os._exit(0)  # the job keeps the open lock; it was never free in between


def reset_request(folder: str, attempt: int) -> None:
    """Reset the request to this attempt, once its lock is held."""
    new = os.path.join(folder, ".wish.new")
    with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump({"attempt": attempt, "run": "go", "checkpoint": 0}, file)
    os.replace(new, os.path.join(folder, "wish"))


def acquire(lock: int) -> bool:
    """Take the lock, unless another process keeps it."""
    end = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        except BlockingIOError:
            if time.monotonic() > end:
                return False
            time.sleep(0.01)


if __name__ == "__main__":
    main()
