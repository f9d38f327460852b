"""Write the program's log; read any log's end."""

import contextlib
import os
import time
from pathlib import Path

from gardener_core.system.files.atomic import append_line, make_folder
from gardener_core.system.files.regular import open_regular
from gardener_core.system.locks import locked

TAIL_BYTES = 8192
LOG_BYTES = 1_000_000
OLD_LOGS = 3


class Log:
    """A log that any process may append to; a full file is rotated.

    A line says what kind of thing happened. What a person typed and what a project contains are
    details, written only where the user asked for them.
    """

    def __init__(self, path: Path, *, details: bool = False, size: int = LOG_BYTES) -> None:
        self._path = path
        self._details = details
        self._size = size

    def note(self, what: str, detail: str = "") -> None:
        """Append a line; a full or closed disk is ignored."""
        text = f"{what}: {detail}" if detail and self._details else what
        when = time.strftime("%Y-%m-%d %H:%M:%S")
        line = f"{when} {os.getpid()} {text}".replace("\n", " ").encode("utf-8", "replace")
        with contextlib.suppress(OSError):
            make_folder(self._path.parent)
            with locked(self._path.with_suffix(".lock")):
                self._write(line)

    def _write(self, line: bytes) -> None:
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NONBLOCK
        file = os.open(self._path, flags, 0o600)
        try:
            append_line(file, line)
            full = os.fstat(file).st_size >= self._size
        finally:
            os.close(file)
        if full:
            for number in range(OLD_LOGS, 0, -1):
                newer = self._old(number - 1)
                if newer.exists():
                    os.replace(newer, self._old(number))

    def _old(self, number: int) -> Path:
        return self._path.with_name(f"{self._path.name}.{number}") if number else self._path


def tail(path: Path, lines: int = 8) -> str:
    """The last lines of a file; empty if it cannot be read."""
    try:
        with open_regular(path) as file:
            file.seek(max(0, file.seek(0, os.SEEK_END) - TAIL_BYTES))
            text = file.read(TAIL_BYTES).decode("utf-8", "replace")
    except OSError:
        return ""
    return "\n".join(text.strip().splitlines()[-lines:])
