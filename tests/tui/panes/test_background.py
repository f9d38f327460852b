"""Calls off the screen's thread: values, errors, and leaving early."""

import threading
from collections.abc import Callable, Iterator
from contextlib import aclosing

import pytest

from gardener_tui.panes.background import call, each


class Odd(BaseException):
    """Not even an Exception."""


async def test_a_call_gives_its_result_from_another_thread() -> None:
    assert await call(threading.get_ident) != threading.get_ident()


@pytest.mark.parametrize("kind", [ValueError, Odd])
async def test_an_error_is_raised_where_it_is_awaited(kind: type[BaseException]) -> None:
    def fail() -> None:
        raise kind("lost")

    with pytest.raises(kind, match="lost"):
        await call(fail)


async def test_values_come_in_order_and_before_the_error_that_ends_them() -> None:
    def count(stop: Callable[[], bool]) -> Iterator[int]:
        yield 1
        yield 2
        raise ValueError("three")

    values = []
    with pytest.raises(ValueError, match="three"):
        async for value in each(count):
            values.append(value)
    assert values == [1, 2]


async def test_an_iterator_is_ended_when_its_loop_is_left() -> None:
    ended = threading.Event()

    def forever(stop: Callable[[], bool]) -> Iterator[int]:
        try:
            while not stop():
                yield 1
        finally:
            ended.set()

    async with aclosing(each(forever)) as values:
        async for _ in values:
            break
    assert await call(lambda: ended.wait(10))
