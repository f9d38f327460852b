"""Find code that nearly stands in held-out files."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

WINDOW_TOKENS = 50
SHINGLE_TOKENS = 5
# The share of shingles in common, of all that either has, from which two windows are copies.
LEAST_JACCARD = 0.9
_TOKEN = re.compile(r"\w+|[^\w\s]")
_SHINGLES = WINDOW_TOKENS - SHINGLE_TOKENS + 1
_SPREAD = 2_654_435_761  # mixes numbers, so that a window's first shingles are any of them
Window = frozenset[int]


class NearCopies:
    """Windows of texts, one from each line on, that others are compared with.

    Two windows that have nine tenths of their shingles in common must share one of the few that
    come first in a fixed order: only those are looked up, and what they find is compared exactly.
    """

    def __init__(self) -> None:
        self._windows: list[tuple[list[int], int]] = []
        self._by_first: defaultdict[int, list[int]] = defaultdict(list)

    def holds(self, text: str) -> bool:
        """Whether a window of this text nearly stands in one of the others."""
        numbers, starts = _read(text)
        return any(self._has(_window(numbers, start)) for start in starts)

    def share_held(self, text: str) -> float:
        """The share of the windows of this text that nearly stand in one of the others."""
        numbers, starts = _read(text)
        held = sum(self._has(_window(numbers, start)) for start in starts)
        return held / len(starts) if starts else 0.0

    def add(self, text: str) -> None:
        """Add a text that others are compared with."""
        numbers, starts = _read(text)
        for start in starts:
            for shingle in _firsts(_window(numbers, start)):
                self._by_first[shingle].append(len(self._windows))
            self._windows.append((numbers, start))

    def _has(self, window: Window) -> bool:
        near = {number for first in _firsts(window) for number in self._by_first.get(first, ())}
        return any(_jaccard(window, _window(*self._windows[at])) >= LEAST_JACCARD for at in near)


def _read(text: str) -> tuple[list[int], list[int]]:
    """A number for each shingle of a text, and where its windows begin: a line each."""
    words: list[str] = []
    starts = []
    for line in text.splitlines():
        found = _TOKEN.findall(line)
        if found:
            starts.append(len(words))
            words += found
    shingles = range(len(words) - SHINGLE_TOKENS + 1)
    # Another process numbers them otherwise, but finds the same windows equal.
    numbers = [hash(tuple(words[at : at + SHINGLE_TOKENS])) for at in shingles]
    return numbers, [start for start in starts if start + _SHINGLES <= len(numbers)]


def _window(numbers: Sequence[int], start: int) -> Window:
    return frozenset(numbers[start : start + _SHINGLES])


def _firsts(window: Window) -> Iterator[int]:
    """The shingles of which near copies share at least one."""
    needed = len(window) - int(LEAST_JACCARD * len(window)) + 1
    yield from sorted(window, key=lambda number: number * _SPREAD % 2**32)[:needed]


def _jaccard(one: Window, other: Window) -> float:
    common = len(one & other)
    return common / (len(one) + len(other) - common)
