"""A real terminal that a test reads."""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import sys
import termios
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

import pyte

TESTS = Path(__file__).parents[1]
DEADLINE_SECONDS = 30.0
# What pyte does not know: kitty's keyboard protocol and queries of private modes.
_UNKNOWN = re.compile(rb"\x1b\[[<>=][0-9;]*u|\x1b\[\?[0-9;]+\$p|\x1b\]22;[a-z]*\x07")


def scripted(garden: str) -> str:
    """The program that shows a scripted garden."""
    return f"from support import pty_driver; pty_driver.main({garden!r})"


class Terminal:
    """Runs Python code, or a command, on a pty; keeps the raw bytes and the picture they make."""

    def __init__(
        self,
        command: str | Sequence[str],
        columns: int = 120,
        rows: int = 40,
        variables: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        self.raw = b""
        self._screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self._screen)
        self._lines = dict.fromkeys(range(rows), "")
        self.pid, self._fd = pty.fork()
        if self.pid == 0:
            path = os.pathsep.join([str(TESTS), *(item for item in sys.path if item)])
            environment = {
                **os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor",
                "LC_ALL": "C.UTF-8", "PYTHONPATH": path,
            }  # fmt: skip
            for name in ("NO_COLOR", "COLUMNS", "LINES"):
                environment.pop(name, None)
            environment.update(variables)
            words = [sys.executable, "-c", command] if isinstance(command, str) else list(command)
            os.execve(words[0], words, environment)
        size = struct.pack("HHHH", rows, columns, 0, 0)
        fcntl.ioctl(self._fd, termios.TIOCSWINSZ, size)

    @property
    def text(self) -> str:
        """What stands on the screen."""
        for row in self._screen.dirty:  # drawing them all anew costs more than the program
            cells = self._screen.buffer[row]
            line = "".join(cells[column].data for column in range(self._screen.columns))
            self._lines[row] = line.rstrip()
        self._screen.dirty.clear()
        return "\n".join(self._lines[row] for row in range(self._screen.lines))

    def see(self, *texts: str) -> str:
        """Read until all these stand on the screen."""
        end = time.monotonic() + DEADLINE_SECONDS
        while any(text not in self.text for text in texts):
            assert time.monotonic() < end, f"{texts} never came:\n{self.text}"
            assert self._read(), f"it ended before {texts} came:\n{self.text}"
        return self.text

    def miss(self, text: str) -> None:
        """Read until this stands on the screen no longer."""
        end = time.monotonic() + DEADLINE_SECONDS
        while text in self.text:
            assert time.monotonic() < end, f"{text} never went:\n{self.text}"
            assert self._read(), f"it ended before {text} went:\n{self.text}"

    def press(self, keys: str) -> None:
        """Press keys."""
        os.write(self._fd, keys.encode())

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to the program."""
        os.kill(self.pid, number)

    def resize(self, columns: int, rows: int) -> None:
        """Give the terminal another size."""
        self._screen.resize(rows, columns)
        fcntl.ioctl(self._fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def fileno(self) -> int:
        """The descriptor on which the program's bytes come."""
        return self._fd

    def echoes(self) -> bool:
        """Whether the terminal shows what is typed, as a shell wants it."""
        wanted = termios.ECHO | termios.ICANON
        return int(termios.tcgetattr(self._fd)[3]) & wanted == wanted

    def wait_until_quiet(self, seconds: float = 0.05) -> None:
        """Read until nothing has come for a while."""
        while select.select([self._fd], [], [], seconds)[0]:
            assert self._read(), "it ended"

    def cpu_ticks(self) -> int:
        """The clock ticks of CPU that the program has used."""
        stat = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return int(stat[11]) + int(stat[12])

    def hang_up(self) -> None:
        """Close the terminal under the program."""
        os.close(self._fd)
        self._fd = -1

    def wait(self) -> tuple[int, float]:
        """Read to the end: the exit status, and how many seconds it took."""
        began = time.monotonic()
        while self._fd >= 0 and self._read():
            assert time.monotonic() - began < DEADLINE_SECONDS, "it does not end"
        while True:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                return os.waitstatus_to_exitcode(status), time.monotonic() - began
            assert time.monotonic() - began < DEADLINE_SECONDS, "it does not end"
            select.select([], [], [], 0.01)

    def _read(self) -> bool:
        """Take what has come; false when the other side has gone."""
        ready, _, _ = select.select([self._fd], [], [], 0.2)
        if not ready:
            return True
        try:
            data = os.read(self._fd, 65536)
        except OSError:
            return False
        self.raw += data
        self._stream.feed(_UNKNOWN.sub(b"", data))
        return bool(data)
