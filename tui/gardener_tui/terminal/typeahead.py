"""Each typed key waits until the one before has done its work."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from itertools import count
from time import monotonic
from typing import Any

from textual.app import App
from textual.command import CommandPalette
from textual.events import Key
from textual.message_pump import MessagePump
from textual.widgets import Input

# Nobody types that far ahead: what is still running then does not concern the key.
QUIET_SECONDS = 0.5
# On a busy machine the command palette takes longer to find the matches.
GATHERED_SECONDS = 3.0
POLL_SECONDS = 0.01
MOST_ROUNDS = 20


class TypeAhead:
    """Passes keys on one by one.

    Textual passes them on faster than it moves the focus and faster than it opens and closes
    screens, so what is typed right after such a key would be lost, or, worse, be a command.
    A single key is not delayed, nor are letters in an input line; the first one on a new screen
    waits until that has its focus, however long it took to open.
    """

    def __init__(self, app: App[Any], act: Callable[[Key], Awaitable[None]]) -> None:
        self._app = app
        self._act = act
        self._typed: deque[Key] = deque()
        self._task: asyncio.Task[None] | None = None
        self._acted_at = 0.0
        self._writes = False
        self._settled: object = None  # the screen that had its focus when a key came

    def type(self, key: Key) -> None:
        """Queue a key."""
        self._typed.append(key)
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._work())

    async def _work(self) -> None:
        while self._typed:
            key = self._typed[0]
            waits = GATHERED_SECONDS if self._in_commands else QUIET_SECONDS
            follows = self._writes and key.is_printable
            if self._app.screen is not self._settled:
                await self._wait_for_quiet(monotonic() + waits)
            elif monotonic() - self._acted_at < waits and not follows:
                await self._wait_for_quiet(self._acted_at + waits)
            self._settled = self._app.screen
            self._typed.popleft()
            await self._act(key)
            self._writes = isinstance(self._app.focused, Input) and key.is_printable
            # What a letter finds in the command palette decides what the next key means there.
            self._acted_at = 0.0 if self._writes and not self._in_commands else monotonic()

    async def _wait_for_quiet(self, until: float) -> None:
        """Wait until the last key's messages are handled and the focus is where it will stay."""
        before: object = None
        for turn in count():
            focused = self._app.focused
            now = (self._app.screen, focused)
            if now == before and self._app.screen.is_running and not self._gathering:
                return
            before = now
            leaf = focused or self._app.screen
            # Messages climb from the leaf to the root, and what they cause goes down again.
            for pump in (*leaf.ancestors_with_self, self._app, *leaf.ancestors_with_self):
                await self._passed(pump, until)
            if monotonic() > until or (turn >= MOST_ROUNDS and not self._gathering):
                return
            if self._gathering:
                await asyncio.sleep(POLL_SECONDS)

    @property
    def _in_commands(self) -> bool:
        return isinstance(self._app.screen, CommandPalette)

    @property
    def _gathering(self) -> bool:
        """Whether the list of commands still looks for what fits the letters."""
        screen = self._app.screen
        return isinstance(screen, CommandPalette) and any(
            worker.is_running for worker in self._app.workers if worker.node is screen
        )

    async def _passed(self, pump: MessagePump, until: float) -> None:
        passed = asyncio.Event()
        if not pump.call_later(passed.set):
            return
        try:
            async with asyncio.timeout(max(0.0, until - monotonic())):
                await passed.wait()
        except TimeoutError:  # it closes, or is busy with something long
            return
