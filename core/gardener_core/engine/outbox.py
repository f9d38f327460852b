"""Send events without ever waiting for the reader."""

import os
import threading
from collections import deque

from gardener_core.engine.protocol import encode_reply
from gardener_core.events.answer import Token
from gardener_core.events.union import Event

MOST_TOKENS_WAITING = 2000


class Outbox:
    """One writer thread; while the reader sleeps, tokens are dropped and other events are not.

    `Answered` holds the whole text, so no text is lost with the tokens.
    """

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._waiting: deque[bytes] = deque()
        self._changed = threading.Condition()
        self._closed = False
        self._thread = threading.Thread(target=self._write, daemon=True)
        self._thread.start()

    def put(self, number: int, event: Event) -> None:
        """Queue an event."""
        with self._changed:
            if isinstance(event, Token) and len(self._waiting) >= MOST_TOKENS_WAITING:
                return
            self._waiting.append(encode_reply(number, event))
            self._changed.notify()

    def close(self, seconds: float) -> None:
        """Give the writer so long to send the rest."""
        with self._changed:
            self._closed = True
            self._changed.notify()
        self._thread.join(seconds)

    def _write(self) -> None:
        while (line := self._next()) is not None:
            rest = memoryview(line)
            try:
                while rest:
                    rest = rest[os.write(self._descriptor, rest) :]
            except OSError:  # the reader has gone; the work goes on to its end
                return

    def _next(self) -> bytes | None:
        with self._changed:
            while not self._waiting and not self._closed:
                self._changed.wait()
            return self._waiting.popleft() if self._waiting else None
