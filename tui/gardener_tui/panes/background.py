"""Calls to the core, off the screen's thread."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Callable, Coroutine, Iterator
from dataclasses import dataclass
from threading import Event, Thread
from types import TracebackType
from typing import Any, Generic, Self, TypeVar

from textual.dom import DOMNode
from textual.worker import Worker

T = TypeVar("T")


def start(
    node: DOMNode, group: str, work: Callable[[], Coroutine[Any, Any, None]], *, only: bool = True
) -> Worker[None]:
    """Start work of a widget that shows its own errors; `only` cancels the group's earlier work."""

    async def run() -> None:
        await work()

    return node.run_worker(run, group=group, exclusive=only, exit_on_error=False)


async def call(work: Callable[[], T]) -> T:
    """Run one call on a thread and give its result, or raise its error."""

    def once(stop: Callable[[], bool]) -> Iterator[T]:
        yield work()

    values = [value async for value in each(once)]
    return values[0]


async def each(iterate: Callable[[Callable[[], bool]], Iterator[T]]) -> AsyncGenerator[T, None]:
    """Run an iterator on a thread and give its values; leaving the loop tells it to stop.

    The thread is a daemon, not one of the loop's pool: a pool is waited for when the screen
    closes, and a call that takes ten seconds would hold the terminal that long.
    """
    sender = _Sender[T](asyncio.get_running_loop())
    abandoned = Event()

    def run() -> None:
        with sender:
            for value in iterate(abandoned.is_set):
                sender.send(_Value(value))
                if abandoned.is_set():
                    return

    Thread(target=run, name="gardener-call", daemon=True).start()
    try:
        while True:
            match await sender.sent.get():
                case _Value(value=value):
                    yield value
                case _End(error=None):
                    return
                case _End(error=error):
                    assert error is not None
                    raise error
    finally:
        abandoned.set()


@dataclass(frozen=True, slots=True)
class _Value(Generic[T]):
    """The next value of the iterator."""

    value: T


@dataclass(frozen=True, slots=True)
class _End:
    """The iterator has ended, by an error or without one."""

    error: BaseException | None


class _Sender(Generic[T]):
    """Sends values from a thread to the loop; as a context it sends how its block ended.

    An error of the block is raised again where the values are awaited, whatever it is, so none
    is lost and none ends the thread with a traceback over the screen.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self.sent: asyncio.Queue[_Value[T] | _End] = asyncio.Queue()

    def send(self, item: "_Value[T] | _End") -> None:
        """Put an item into the loop's queue."""
        # A closed loop means that the screen has gone; nobody waits any more.
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self.sent.put_nowait, item)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool:
        self.send(_End(error))
        return True
