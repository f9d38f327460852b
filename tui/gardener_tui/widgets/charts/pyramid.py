"""The extremes of any range of numbers."""

import math
from array import array
from collections.abc import Iterable

FAN = 16
_NOTHING = (math.inf, -math.inf)


class Pyramid:
    """Each level holds the extremes of complete blocks of sixteen of the level below.

    Adding is constant, a range costs its logarithm. Non-finite numbers are skipped, so they can
    neither hide an extreme nor become one.
    """

    def __init__(self) -> None:
        self._lows = [array("d")]
        self._highs = [array("d")]

    def __len__(self) -> int:
        """How many numbers there are."""
        return len(self._lows[0])

    def add(self, value: float) -> None:
        """Add a number at the end."""
        finite = math.isfinite(value)
        self._lows[0].append(value if finite else math.inf)
        self._highs[0].append(value if finite else -math.inf)
        self._close_blocks()

    def extend(self, values: Iterable[float]) -> None:
        """Add many numbers at the end."""
        fresh = array("d", values)
        if math.isfinite(sum(fresh)):
            self._lows[0].extend(fresh)
            self._highs[0].extend(fresh)
        else:
            self._lows[0].extend(v if math.isfinite(v) else math.inf for v in fresh)
            self._highs[0].extend(v if math.isfinite(v) else -math.inf for v in fresh)
        self._close_blocks()

    def cut(self, length: int) -> None:
        """Forget everything from a place on."""
        for level in range(len(self._lows)):
            del self._lows[level][length:]
            del self._highs[level][length:]
            length //= FAN

    def span(self, start: int, end: int) -> tuple[float, float]:
        """The lowest and the highest from `start` up to `end`; (inf, -inf) where there is none."""
        low, high = _NOTHING
        level = 0
        while start < end:
            lows, highs = self._lows[level], self._highs[level]
            first, last = -(-start // FAN), end // FAN
            if level + 1 == len(self._lows) or last - first < 2:
                return min(low, min(lows[start:end])), max(high, max(highs[start:end]))
            for one, other in ((start, first * FAN), (last * FAN, end)):
                if one < other:
                    low = min(low, min(lows[one:other]))
                    high = max(high, max(highs[one:other]))
            start, end, level = first, last, level + 1
        return low, high

    def _close_blocks(self) -> None:
        level = 0
        while True:
            below = len(self._lows[level]) // FAN
            if level + 1 == len(self._lows):
                if not below:
                    return
                self._lows.append(array("d"))
                self._highs.append(array("d"))
            done = len(self._lows[level + 1])
            if done == below:
                return
            for at in range(done * FAN, below * FAN, FAN):
                self._lows[level + 1].append(min(self._lows[level][at : at + FAN]))
                self._highs[level + 1].append(max(self._highs[level][at : at + FAN]))
            level += 1
