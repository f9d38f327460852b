"""From values and steps to places in a chart."""

import math
from dataclasses import dataclass

from gardener_tui.widgets.charts.curve import Column

# The highest columns may be cut off, so that one spike does not flatten the rest.
_KEPT = 0.98
_ENOUGH = 50
_ROOM = 0.04


@dataclass(frozen=True, slots=True)
class Scale:
    """The values at the lower and upper edge, both as logarithms where `log` is set."""

    low: float
    high: float
    log: bool

    def place(self, value: float) -> float:
        """0 at the lower edge, 1 at the upper; values outside are clamped."""
        if self.log:
            value = math.log10(value) if value > 0 else self.low
        return max(0.0, min(1.0, (value - self.low) / (self.high - self.low)))

    def ticks(self, fewest: int, most: int) -> list[float]:
        """Round values inside: at least `fewest`, and no more than `most` where possible."""
        if not self.log:
            return ticks_between(self.low, self.high, fewest, most)
        powers = range(math.floor(self.low), math.ceil(self.high) + 1)
        for parts in ((1, 2, 3, 5), (1, 2, 5), (1, 3), (1,)):
            values = [part * 10.0**power for power in powers for part in parts]
            values = [v for v in values if self.low <= math.log10(v) <= self.high]
            if len(values) <= most:
                break
        if len(values) >= fewest:
            return values
        return ticks_between(10**self.low, 10**self.high, fewest, most)


def scale_of(groups: list[list[Column]], log: bool) -> Scale | None:
    """The scale on which these columns are drawn together; nothing where no value is finite."""
    columns = [column for group in groups for column in group if column.low <= column.high]
    lows = [column.low for column in columns if not log or column.low > 0]
    highs = sorted(column.high for column in columns if not log or column.high > 0)
    if not lows or not highs:
        return None
    low = min(lows)
    high = highs[int((len(highs) - 1) * _KEPT)] if len(highs) > _ENOUGH else highs[-1]
    smooth = [column.smooth for column in columns if math.isfinite(column.smooth)]
    high = max(high, low, *smooth)
    if log:
        low, high = math.log10(low), math.log10(high)
    if high - low < 1e-9:
        return Scale(low - 0.5, high + 0.5, log)
    room = (high - low) * _ROOM
    return Scale(low - room, high + room, log)


def ticks(low: float, high: float, most: int) -> list[float]:
    """Round numbers inside a range, at most `most`."""
    rough = (high - low) / max(1, most)
    power = 10.0 ** math.floor(math.log10(rough))
    gap = next(power * nice for nice in (1, 2, 2.5, 5, 10) if power * nice >= rough * 0.999)
    first = math.ceil(low / gap)
    return [place * gap for place in range(first, math.floor(high / gap + 1e-9) + 1)]


def ticks_between(low: float, high: float, fewest: int, most: int) -> list[float]:
    """Round numbers inside a range: at least `fewest`, as far apart as that allows."""
    for wanted in range(most, most + 8 * fewest):
        values = ticks(low, high, wanted)
        if len(values) >= fewest:
            return values
    return values
