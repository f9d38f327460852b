"""The numbers behind a curve."""

import math
from array import array
from bisect import bisect_left, bisect_right
from dataclasses import dataclass

# The weight of what came before, in the smoothed line.
MEMORY = 0.9


@dataclass(frozen=True, slots=True)
class Column:
    """What one column of pixels has to show: the extremes of the values in it, and the last."""

    x: int
    low: float
    high: float
    last: float


class Curve:
    """Values by step, with a smoothed line that is kept as they come."""

    def __init__(self) -> None:
        self.steps = array("q")
        self.values = array("d")
        self.smooth = array("d")
        self._mean = 0.0
        self._weight = 0.0

    def __len__(self) -> int:
        """How many values there are."""
        return len(self.steps)

    def add(self, step: int, value: float) -> None:
        """Add a value; a step that is not ahead replaces what a lost attempt had told."""
        if self.steps and step <= self.steps[-1]:
            self._forget_from(step)
        self.steps.append(step)
        self.values.append(value)
        self._smoothen(value)

    def columns(self, values: "array[float]", width: int) -> list[Column]:
        """The extremes of the values in each column; a spike is never lost."""
        if not self.steps:
            return []
        first = self.steps[0]
        span = max(1, self.steps[-1] - first)
        found: list[Column] = []
        start = 0
        while start < len(self.steps):
            x = (self.steps[start] - first) * (width - 1) // span
            # The first step that belongs to the next column.
            border = first + -(-(x + 1) * span // max(1, width - 1))
            end = max(start + 1, bisect_left(self.steps, border, start))
            column = _column(x, values[start:end])
            if column:
                found.append(column)
            start = end
        return found

    def _smoothen(self, value: float) -> None:
        if math.isfinite(value):
            self._mean = MEMORY * self._mean + (1 - MEMORY) * value
            self._weight = MEMORY * self._weight + (1 - MEMORY)
        # Dividing by the weight makes the first values count as much as they should.
        self.smooth.append(self._mean / self._weight if self._weight else math.nan)

    def _forget_from(self, step: int) -> None:
        kept = bisect_right(self.steps, step - 1)
        values = self.values[:kept]
        self.steps = self.steps[:kept]
        self.values = values
        self.smooth = array("d")
        self._mean = self._weight = 0.0
        for value in values:
            self._smoothen(value)


def span_of(raw: list[Column], smooth: list[Column]) -> tuple[float, float]:
    """The range to draw; the highest spikes may leave it, so that they do not flatten the rest."""
    low = min(column.low for column in raw)
    highs = sorted(column.high for column in raw)
    high = highs[int((len(highs) - 1) * 0.98)] if len(highs) > 50 else highs[-1]
    high = max(high, *(column.high for column in smooth))
    if high - low < 1e-9:
        return low - 0.5, high + 0.5
    room = (high - low) * 0.04
    return low - room, high + room


def ticks(low: float, high: float, most: int) -> list[float]:
    """Round numbers inside a range, at most so many."""
    rough = (high - low) / max(1, most)
    power = 10.0 ** math.floor(math.log10(rough))
    gap = next(power * nice for nice in (1, 2, 2.5, 5, 10) if power * nice >= rough * 0.999)
    first = math.ceil(low / gap)
    return [place * gap for place in range(first, math.floor(high / gap + 1e-9) + 1)]


def _column(x: int, values: "array[float]") -> Column | None:
    finite = [value for value in values if math.isfinite(value)]
    if not finite:
        return None
    return Column(x, min(finite), max(finite), finite[-1])
