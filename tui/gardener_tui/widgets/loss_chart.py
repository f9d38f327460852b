"""A curve of braille dots with axes."""

from collections.abc import Callable
from itertools import groupby
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from gardener_tui.widgets.braille import Braille
from gardener_tui.widgets.curve import Column, Curve, span_of, ticks

GUTTER = 6
ROWS_A_TICK = 3
FEWEST_TICKS = 4
COLUMNS_A_TICK = 14
WAITING = "waiting for the first step"

# A row of the picture: texts, each with the part of the chart it belongs to.
Row = tuple[tuple[str, str], ...]


class LossChart(Widget):
    """Draws a curve: each value dim, the smoothed line bright; writes only rows that changed."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "loss-chart--label",
        "loss-chart--axis",
        "loss-chart--guide",
        "loss-chart--raw",
        "loss-chart--smooth",
    }

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._curve = Curve()
        self._rows: list[Row] = []

    def show(self, curve: Curve) -> None:
        """Draw a curve as it is now."""
        self._curve = curve
        width, height = self.content_size
        if width < GUTTER + 8 or height < 4:
            return
        rows = _picture(curve, width, height)
        changed = [at for at, row in enumerate(rows) if self._rows[at : at + 1] != [row]]
        whole = len(rows) != len(self._rows)
        self._rows = rows
        if whole:
            self.refresh()
        elif changed:
            left, top = self.gutter.left, self.gutter.top
            self.refresh(*(Region(left, top + at, width, 1) for at in changed))

    def on_resize(self) -> None:
        """Draw again at the new size."""
        self._rows = []
        self.show(self._curve)

    def render_line(self, y: int) -> Strip:
        """One row of the picture."""
        if y >= len(self._rows):
            return Strip.blank(self.content_size.width, self._style(""))
        return Strip([Segment(text, self._style(part)) for text, part in self._rows[y]])

    def _style(self, part: str) -> Style:
        if not part:
            return self.rich_style
        return self.get_component_rich_style(f"loss-chart--{part}")


def _picture(curve: Curve, width: int, height: int) -> list[Row]:
    wide, high = width - GUTTER - 1, height - 2
    raw = curve.columns(curve.values, wide * 2)
    if not raw:
        return _waiting(width, height)
    smooth = curve.columns(curve.smooth, wide * 2)
    low, top = span_of(raw, smooth)

    def pixel(value: float) -> int:
        """How far below the upper edge a value lies; what lies outside stays at the edge."""
        return max(0, min(high * 4 - 1, round((top - value) / (top - low) * (high * 4 - 1))))

    layers = (("smooth", _drawn(smooth, wide, high, pixel, bars=False)),
              ("raw", _drawn(raw, wide, high, pixel, bars=True)))  # fmt: skip
    wanted = ticks(low, top, max(FEWEST_TICKS, high // ROWS_A_TICK))
    labels = {pixel(value) // 4: value for value in wanted}
    rows = [_row(at, labels, layers, wide) for at in range(high)]
    return rows + _x_axis(curve, wide)


def _drawn(
    columns: list[Column], wide: int, high: int, pixel: Callable[[float], int], *, bars: bool
) -> Braille:
    drawing = Braille(wide, high)
    before: Column | None = None
    for column in columns:
        if bars or before is None:
            drawing.bar(column.x, pixel(column.high), pixel(column.low))
        if before is not None:
            joined = column.high if bars else column.last
            drawing.line(before.x, pixel(before.last), column.x, pixel(joined))
        before = column
    return drawing


def _row(
    at: int, labels: dict[int, float], layers: tuple[tuple[str, Braille], ...], wide: int
) -> Row:
    label = _number(labels[at]) if at in labels else ""
    cells: list[tuple[str, str]] = []
    for column in range(wide):
        drawn = next(
            ((cell, part) for part, drawing in layers if (cell := drawing.cell(at, column))), None
        )
        cells.append(drawn or (("┈", "guide") if at in labels else (" ", "")))
    runs = (
        "".join(cell for cell, _ in group) for _, group in groupby(cells, key=lambda cell: cell[1])
    )
    parts = (part for part, _ in groupby(cells, key=lambda cell: cell[1]))
    axis = "┤" if at in labels else "│"
    return ((label.rjust(GUTTER), "label"), (axis, "axis"), *zip(runs, parts, strict=True))


def _x_axis(curve: Curve, wide: int) -> list[Row]:
    first, last = curve.steps[0], curve.steps[-1]
    line, text = ["─"] * wide, [" "] * wide
    free = 0
    for value in ticks(first, max(last, first + 1), max(2, wide // COLUMNS_A_TICK)):
        if value != int(value) or value > last:
            continue
        at = round((value - first) / max(1, last - first) * (wide - 1))
        label = str(int(value))
        start = max(0, min(wide - len(label), at - len(label) // 2))
        if start >= free:
            line[at] = "┬"
            text[start : start + len(label)] = label
            free = start + len(label) + 2
    return [
        ((" " * GUTTER, "label"), ("└" + "".join(line), "axis")),
        ((" " * (GUTTER + 1) + "".join(text), "label"),),
    ]


def _waiting(width: int, height: int) -> list[Row]:
    blank: Row = ((" " * width, ""),)
    rows = [blank] * height
    rows[height // 2] = ((WAITING.center(width), "label"),)
    return rows


def _number(value: float) -> str:
    return f"{value:.4g}"
