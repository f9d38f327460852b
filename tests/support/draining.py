"""Take the result of a generator that reports its progress."""

from collections.abc import Generator
from typing import Any, TypeVar, cast

Result = TypeVar("Result")


def result_of(work: Generator[Any, Any, Result]) -> Result:
    """Run it to its end and drop its events."""
    while True:
        try:
            next(work)
        except StopIteration as end:
            return cast(Result, end.value)
