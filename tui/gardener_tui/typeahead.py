"""Each key finds the screen as the key before it has left it."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from time import monotonic
from typing import Any

from textual.app import App
from textual.command import CommandPalette
from textual.events import Key
from textual.message_pump import MessagePump
from textual.widgets import Input

# After so long nobody types ahead any more: what is still going on then is another matter.
SETTLED_SECONDS = 0.5
MOST_ROUNDS = 20


class TypeAhead:
    """Hands keys on one by one.

    Textual hands them on faster than it moves the focus and faster than it opens and closes
    screens, so what somebody types right after such a key would be lost, or, worse, be a command.
    A single key is not delayed, nor are letters in a line of input.
    """

    def __init__(self, app: App[Any], act: Callable[[Key], Awaitable[None]]) -> None:
        self._app = app
        self._act = act
        self._typed: deque[Key] = deque()
        self._task: asyncio.Task[None] | None = None
        self._acted_at = 0.0

    def type(self, key: Key) -> None:
        """Take a key."""
        self._typed.append(key)
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._work())

    async def _work(self) -> None:
        while self._typed:
            if monotonic() - self._acted_at < SETTLED_SECONDS:
                await self._settle(self._acted_at + SETTLED_SECONDS)
            key = self._typed.popleft()
            await self._act(key)
            letter = isinstance(self._app.focused, Input) and key.is_printable
            self._acted_at = 0.0 if letter and not self._gathering else monotonic()

    async def _settle(self, until: float) -> None:
        """Wait until the last key's messages have run and it is clear who gets the next one."""
        before: object = None
        for _ in range(MOST_ROUNDS):
            focused = self._app.focused
            now = (self._app.screen, focused)
            if now == before and self._app.screen.is_running and not self._gathering:
                return
            before = now
            leaf = focused or self._app.screen
            # Messages climb from the leaf to the root, and what they cause goes down again.
            for pump in (*leaf.ancestors_with_self, self._app, *leaf.ancestors_with_self):
                await self._passed(pump, until)
            if monotonic() > until:
                return

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
