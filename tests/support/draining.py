"""Take the result of work that tells of its progress."""

from collections.abc import Generator
from typing import Any, TypeVar

Result = TypeVar("Result")


def result_of(work: Generator[Any, Any, Result]) -> Result:
    """Let it work to its end; what it tells on the way is passed over."""
    while True:
        try:
            next(work)
        except StopIteration as end:
            return end.value
