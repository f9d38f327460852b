"""Calls to the core, off the screen's thread."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Iterator
from threading import Event, Thread
from typing import Any, TypeVar

T = TypeVar("T")


async def call(work: Callable[[], T]) -> T:
    """Run one call on a thread and give its result, or raise its error."""

    def once(stop: Callable[[], bool]) -> Iterator[T]:
        yield work()

    values = [value async for value in each(once)]
    return values[0]


async def each(iterate: Callable[[Callable[[], bool]], Iterator[T]]) -> AsyncIterator[T]:
    """Run an iterator on a thread and give its values; leaving the loop tells it to stop.

    The thread is a daemon, not one of the loop's pool: a pool is waited for when the screen
    closes, and a call that takes ten seconds would hold the terminal that long.
    """
    loop = asyncio.get_running_loop()
    arrived: asyncio.Queue[tuple[str, Any]] = asyncio.Queue()
    left = Event()

    def tell(what: str, value: object) -> None:
        # A closed loop means that the screen has gone; nobody waits any more.
        with contextlib.suppress(RuntimeError):
            loop.call_soon_threadsafe(arrived.put_nowait, (what, value))

    Thread(target=_run, args=(iterate, left, tell), name="gardener-call", daemon=True).start()
    try:
        while True:
            what, value = await arrived.get()
            if what == "end":
                return
            if what == "error":
                raise value
            yield value
    finally:
        left.set()


def _run(
    iterate: Callable[[Callable[[], bool]], Iterator[T]],
    left: Event,
    tell: Callable[[str, object], None],
) -> None:
    try:
        for value in iterate(left.is_set):
            tell("value", value)
            if left.is_set():
                return
    except Exception as problem:  # whatever it is, it is raised again where it is awaited
        tell("error", problem)
    else:
        tell("end", None)
