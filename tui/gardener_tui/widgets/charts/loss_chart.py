"""A curve of dots with axes and a cross-hair."""

import os
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from gardener_tui.widgets.charts.curve import MEMORIES, CurveData, Readout
from gardener_tui.widgets.charts.dots import dots_for
from gardener_tui.widgets.charts.plot import GUTTER, Marks, Row, Size, View, picture

PARTS = ("label", "axis", "guide", "raw", "smooth", "other", "cursor", "odd", "held", "kept")
# The fewest steps that can be zoomed in on.
CLOSEST = 8.0


class LossChart(Widget):
    """Draws a curve: each value dim, the smoothed line bright; writes only rows that changed."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {f"loss-chart--{part}" for part in PARTS}

    class ViewChanged(Message):
        """The person has zoomed, moved the cross-hair or changed the drawing."""

    def __init__(self, *, id: str | None = None, terminal: str | None = None) -> None:
        super().__init__(id=id)
        self._dots = dots_for(os.environ.get("TERM", "") if terminal is None else terminal)
        self._curve = CurveData()
        self._other: CurveData | None = None
        self._marks = Marks()
        self._rows: list[Row] = []
        self._memory = MEMORIES[0]
        self._log = False
        self._range: tuple[float, float] | None = None
        self._cursor: float | None = None

    # What is shown.

    @property
    def memory(self) -> float:
        """How much of the smoothed line is what came before."""
        return self._memory

    @property
    def by_logarithm(self) -> bool:
        """Whether the values are drawn by their logarithm."""
        return self._log

    @property
    def zoomed(self) -> bool:
        """Whether only some of the steps are shown."""
        return self._range is not None

    @property
    def reading(self) -> Readout | None:
        """The values under the cross-hair."""
        return None if self._cursor is None else self._curve.reading(self._cursor, self._memory)

    @property
    def value(self) -> float | None:
        """The value under the cross-hair, else the newest."""
        if self.reading is not None:
            return self.reading.value
        return self._curve.values[-1] if self._curve else None

    @property
    def beside(self) -> Readout | None:
        """The values of the other curve under the cross-hair."""
        if self._cursor is None or self._other is None:
            return None
        return self._other.reading(self._cursor, self._memory)

    @property
    def shows_held_out(self) -> bool:
        """Whether held-out scores are marked."""
        return bool(self._curve and self._marks.held_out)

    @property
    def shows_checkpoints(self) -> bool:
        """Whether checkpoints are marked."""
        return bool(self._curve and self._marks.checkpoints)

    def show(
        self, curve: CurveData, other: CurveData | None = None, marks: Marks | None = None
    ) -> None:
        """Draw a curve as it is now; for another curve than before, fit it."""
        if curve is not self._curve:
            self._range = self._cursor = None
        self._curve, self._other, self._marks = curve, other, marks or Marks()
        width, height = self.content_size
        if width < GUTTER + 8 or height < 4:
            return
        size = Size(width, height, right=self._marks.gutter(width))
        rows = picture(curve, other, self._view(), size, self._dots, self._marks)
        changed = [at for at, row in enumerate(rows) if self._rows[at : at + 1] != [row]]
        whole = len(rows) != len(self._rows)
        self._rows = rows
        if whole:
            self.refresh()
        elif changed:
            left, top = self.gutter.left, self.gutter.top
            self.refresh(*(Region(left, top + at, width, 1) for at in changed))

    # How it is shown.

    def switch_log(self) -> None:
        """Draw by the values, or by their logarithms."""
        self._log = not self._log
        self._redraw()

    def switch_smoothing(self) -> None:
        """Smooth a little, much, not at all."""
        self._memory = MEMORIES[(MEMORIES.index(self._memory) + 1) % len(MEMORIES)]
        self._redraw()

    def zoom(self, factor: float) -> None:
        """Show fewer steps or more, around the cross-hair; without one, the newest."""
        first, last = self._shown()
        centre = last if self._cursor is None else self._cursor
        span = max(CLOSEST, (last - first) * factor)
        self._show_range(centre - span * (centre - first) / max(1e-9, last - first), span)

    def move(self, columns: int) -> None:
        """Move the cross-hair; the view follows it."""
        first, last = self._shown()
        span = last - first
        low, high = self._limits()
        at = last if self._cursor is None else self._cursor
        at += columns * span / max(1, self.content_size.width - GUTTER - 2 - self._right)
        self._cursor = max(low, min(high, at))
        if self._range is not None and not first <= self._cursor <= last:
            self._show_range(self._cursor if columns < 0 else self._cursor - span, span)
        else:
            self._redraw()

    def fit(self) -> None:
        """Show every step, without a cross-hair."""
        self._range = self._cursor = None
        self._redraw()

    def look_as(self, other: "LossChart") -> None:
        """Show the same steps as another chart, smoothed alike, with the cross-hair at its step."""
        now = (self._memory, self._range, self._cursor)
        self._memory, self._range, self._cursor = other._memory, other._range, other._cursor
        if now != (self._memory, self._range, self._cursor):
            self.show(self._curve, self._other, self._marks)

    def on_click(self, event: events.Click) -> None:
        """Put the cross-hair where one clicks."""
        first, last = self._shown()
        wide = max(1, self.content_size.width - GUTTER - 2 - self._right)
        self._cursor = first + (last - first) * max(0, event.x - GUTTER - 1) / wide
        self._redraw()

    def on_resize(self) -> None:
        """Draw again at the new size."""
        self._rows = []
        self.show(self._curve, self._other, self._marks)

    def render_line(self, y: int) -> Strip:
        """One row of the picture."""
        if y >= len(self._rows):
            return Strip([Segment(" " * self.content_size.width, self._style(""))])
        return Strip([Segment(text, self._style(part)) for text, part in self._rows[y]])

    def _redraw(self) -> None:
        self.show(self._curve, self._other, self._marks)
        self.post_message(self.ViewChanged())

    @property
    def _right(self) -> int:
        return self._marks.gutter(self.content_size.width)

    def _view(self) -> View:
        first, last = self._shown()
        return View(first, last, self._memory, self._log, self._cursor)

    def _shown(self) -> tuple[float, float]:
        return self._range or self._limits()

    def _limits(self) -> tuple[float, float]:
        curves = [curve for curve in (self._curve, self._other) if curve]
        if not curves:
            return 0.0, 1.0
        first = min(curve.steps[0] for curve in curves)
        return float(first), float(max(first + 1, *(curve.steps[-1] for curve in curves)))

    def _show_range(self, first: float, span: float) -> None:
        low, high = self._limits()
        if span >= high - low:
            self._range = None
        else:
            first = max(low, min(high - span, first))
            self._range = (first, first + span)
        self._redraw()

    def _style(self, part: str) -> Style:
        if not part:
            return self.rich_style
        return self.get_component_rich_style(f"loss-chart--{part}")
