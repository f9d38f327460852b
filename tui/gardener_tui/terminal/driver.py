"""A terminal whose connection may break."""

import asyncio
import os
import signal
from typing import Any, TextIO, cast

from textual.app import App
from textual.drivers.linux_driver import LinuxDriver

LEAVING = (signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT, signal.SIGINT)


class BreakableFile:
    """A terminal that drops what is written once the other side has gone.

    Textual writes in a thread through a short queue. If that thread ended at the first error,
    the queue would fill and the screen would wait for it for ever: a process nobody sees.
    """

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._gone = False

    def write(self, text: str) -> int:
        """Write, or drop the text."""
        if not self._gone:
            try:
                return self._file.write(text)
            except (OSError, ValueError):
                self._hang_up()
        return len(text)

    def flush(self) -> None:
        """Flush, or do nothing."""
        if not self._gone:
            try:
                self._file.flush()
            except (OSError, ValueError):
                self._hang_up()

    def fileno(self) -> int:
        """The terminal's descriptor."""
        return self._file.fileno()

    def isatty(self) -> bool:
        """Whether this is a terminal."""
        return self._file.isatty()

    def _hang_up(self) -> None:
        # Under nohup no hang-up comes by itself.
        self._gone = True
        os.kill(os.getpid(), signal.SIGHUP)


class BreakableDriver(LinuxDriver):
    """Textual's driver for a terminal whose connection may break."""

    def __init__(
        self,
        app: App[object],
        *,
        debug: bool = False,
        mouse: bool = True,
        size: tuple[int, int] | None = None,
    ) -> None:
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        # Textual wants the class and uses these four methods.
        self._file = cast(Any, BreakableFile(cast(TextIO, self._file)))
        self._before: dict[signal.Signals, Any] = {}

    def start_application_mode(self) -> None:
        """Take the terminal, and restore it when a signal ends us."""
        loop = asyncio.get_running_loop()

        def leave(*_: object) -> None:
            # Not loop.add_signal_handler: a screen that waits for a stalled connection does not
            # read its loop's pipe, keys fill that pipe, and the signal would be lost.
            loop.call_soon_threadsafe(self._app.exit)

        for number in LEAVING:
            self._before.setdefault(number, signal.signal(number, leave))
        super().start_application_mode()  # type: ignore[no-untyped-call]

    def close(self) -> None:
        """Write the rest, then restore the signal handlers."""
        super().close()
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _sigcont_application(self, *_: object) -> None:
        # The kernel sends SIGCONT after SIGHUP when a terminal is closed. Starting again then
        # would leave a thread that reads a closed terminal, at full speed and for ever.
        if self._must_signal_resume:
            super()._sigcont_application()
