"""The numbers behind a curve."""

import math
from array import array
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from operator import ge

from gardener_tui.widgets.charts.pyramid import Pyramid

# The decay of the moving average; 0 means no smoothed line.
MEMORIES = (0.9, 0.98, 0.0)


@dataclass(frozen=True, slots=True)
class Column:
    """One column of dots: the extremes of its values, and the last value of both lines."""

    x: int
    low: float
    high: float
    last: float
    smooth: float
    odd: bool


@dataclass(frozen=True, slots=True)
class Readout:
    """One step with its value and the smoothed value there."""

    step: int
    value: float
    smooth: float


class Smoothing:
    """An exponential moving average, corrected for its start."""

    def __init__(self, memory: float) -> None:
        self._memory = memory
        self._mean = 0.0
        self._weight = 0.0
        self.values = array("d")
        self.lowest = -1  # the place of the lowest value
        self._least = math.inf

    def catch_up(self, source: "array[float]") -> None:
        """Smooth the values added since; non-finite ones leave the mean unchanged."""
        memory, fresh = self._memory, 1 - self._memory
        mean, weight, least = self._mean, self._weight, self._least
        put, finite = self.values.append, math.isfinite
        for value in source[len(self.values) :]:
            if finite(value):
                mean = memory * mean + fresh * value
                weight = memory * weight + fresh
                if mean / weight < least:
                    least, self.lowest = mean / weight, len(self.values)
            put(mean / weight if weight else math.nan)
        self._mean, self._weight, self._least = mean, weight, least


class CurveData:
    """Values by step; drawing costs the width of the chart, however many values there are."""

    def __init__(self) -> None:
        self.steps = array("q")
        self.values = array("d")
        self._extremes = Pyramid()
        # The places of non-finite values; there are few, or the run is lost anyway.
        self._odd = array("q")
        self._smooth: dict[float, Smoothing] = {}

    def __len__(self) -> int:
        """How many values there are."""
        return len(self.steps)

    def add(self, step: int, value: float) -> None:
        """Add a value; a step that is not ahead replaces those of a lost attempt."""
        if self.steps and step <= self.steps[-1]:
            self._forget_from(step)
        if not math.isfinite(value):
            self._odd.append(len(self.steps))
        self.steps.append(step)
        self.values.append(value)
        self._extremes.add(value)

    def extend(self, steps: Iterable[float], values: Iterable[float]) -> None:
        """Add many values at once, as when a past run is read."""
        places, fresh = array("q", map(int, steps)), array("d", values)
        before = self.steps[-1:] + places
        if any(map(ge, before, before[1:])):
            for step, value in zip(places, fresh, strict=True):
                self.add(step, value)
            return
        if not math.isfinite(sum(fresh)):
            begin = len(self.steps)
            self._odd.extend(begin + at for at, v in enumerate(fresh) if not math.isfinite(v))
        self.steps.extend(places)
        self.values.extend(fresh)
        self._extremes.extend(fresh)

    def smooth(self, memory: float) -> "array[float]":
        """The smoothed values; without memory, the values as they are."""
        return self._smoothing(memory).values if memory else self.values

    def best(self, memory: float) -> Readout | None:
        """Where the smoothed line was lowest."""
        smoothing = self._smoothing(memory)
        at = smoothing.lowest
        return None if at < 0 else Readout(self.steps[at], self.values[at], smoothing.values[at])

    def _smoothing(self, memory: float) -> Smoothing:
        smoothing = self._smooth.setdefault(memory, Smoothing(memory))
        smoothing.catch_up(self.values)
        return smoothing

    def reading(self, step: float, memory: float) -> Readout | None:
        """The value at the nearest step."""
        if not self.steps:
            return None
        after = bisect_left(self.steps, step)
        near = [at for at in (after - 1, after) if 0 <= at < len(self.steps)]
        at = min(near, key=lambda place: abs(self.steps[place] - step))
        return Readout(self.steps[at], self.values[at], self.smooth(memory)[at])

    def columns(self, width: int, first: float, last: float, memory: float) -> list[Column]:
        """The columns of dots between two steps; no spike is lost."""
        smooth = self.smooth(memory)
        steps = self.steps
        gap = max(last - first, 1e-9) / max(1, width - 1)
        columns: list[Column] = []
        start = bisect_left(steps, first)
        end_of_all = bisect_left(steps, math.floor(last) + 1)
        while start < end_of_all:
            x = min(width - 1, int((steps[start] - first) / gap + 0.5))
            border = first + (x + 0.5) * gap
            end = min(end_of_all, max(start + 1, bisect_left(steps, border, start)))
            low, high = self._extremes.span(start, end)
            odd = bool(self._odd) and self._any_odd(start, end)
            columns.append(Column(x, low, high, self.values[end - 1], smooth[end - 1], odd))
            start = end
        return columns

    def _any_odd(self, start: int, end: int) -> bool:
        at = bisect_left(self._odd, start)
        return at < len(self._odd) and self._odd[at] < end

    def _forget_from(self, step: int) -> None:
        kept = bisect_left(self.steps, step)
        del self.steps[kept:], self.values[kept:]
        del self._odd[bisect_left(self._odd, kept) :]
        self._extremes.cut(kept)
        self._smooth = {}
