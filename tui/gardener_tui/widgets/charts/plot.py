"""A picture of curves, as rows of characters."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import groupby

from gardener_tui.widgets.charts.curve import Column, CurveData
from gardener_tui.widgets.charts.dots import Dots, Drawing
from gardener_tui.widgets.charts.scale import Scale, scale_of, ticks

GUTTER = 6
RIGHT_GUTTER = 7
NARROWEST_WITH_RIGHT = 50
ROWS_A_TICK = 3
FEWEST_TICKS = 4
COLUMNS_A_TICK = 14
WAITING = "waiting for the first step"
NOT_A_NUMBER = "✖"
HELD_OUT, CHECKPOINT = "◆", "▲"

# A row of the picture: texts, each with the part of the chart it belongs to.
Row = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class View:
    """Which steps are shown and how; `cursor` is the step that is read out, if any."""

    first: float
    last: float
    memory: float
    log: bool = False
    cursor: float | None = None


@dataclass(frozen=True, slots=True)
class Marks:
    """What is marked on a chart: checkpoints by step, and what was measured apart, at its step.

    What was measured has another unit than the curve, so it has a scale of its own at the right
    edge, where each value stands.
    """

    checkpoints: tuple[int, ...] = ()
    held_out: tuple[tuple[int, float], ...] = ()

    def gutter(self, wide: int) -> int:
        """The columns that the right scale takes."""
        return RIGHT_GUTTER if self.held_out and wide >= NARROWEST_WITH_RIGHT else 0


@dataclass(frozen=True, slots=True)
class Size:
    """The room of a picture in characters; `right` of it is for the right scale."""

    wide: int
    high: int
    right: int = 0

    @property
    def plot_wide(self) -> int:
        """Columns between the left axis and the right edge or scale."""
        return self.wide - GUTTER - 1 - self.right

    @property
    def plot_high(self) -> int:
        """Rows above the lower axis."""
        return self.high - 2


def picture(
    curve: CurveData,
    other: CurveData | None,
    view: View,
    size: Size,
    dots: Dots,
    marks: Marks | None = None,
) -> list[Row]:
    """The curve, another one beside it if there is one, what is marked, and the axes."""
    width = size.plot_wide * dots.across
    shown = [
        item.columns(width, view.first, view.last, view.memory) if item else []
        for item in (curve, other)
    ]
    scale = scale_of(shown, view.log)
    if scale is None:
        return _waiting(size)
    layers = _layers(shown, scale, view, size, dots)
    labels = _labels(scale, size.plot_high)
    cursor = _across(view.cursor, view, size.plot_wide)
    odd = [column.x // dots.across for column in shown[0] if column.odd]
    held_out = _held_out(marks or Marks(), view, size)
    pictures = [list(drawing.rows()) for _, drawing in layers]
    rows = []
    for at in range(size.plot_high):
        cells = _Cells(size.plot_wide, dots.guide if at in labels else " ")
        if cursor is not None:
            cells.put(cursor, "│", "cursor")
        for (part, _), drawn in zip(layers, pictures, strict=True):
            cells.draw(*drawn[at], part)
        if at == size.plot_high - 1:
            for column in odd:
                cells.put(column, NOT_A_NUMBER, "odd")
        for column, _ in held_out.get(at, ()):
            cells.put(column, HELD_OUT, "held")
        right = _right_scale(held_out.get(at), size)
        rows.append((*_labelled(labels.get(at), cells.parts()), *right))
    kept = {_across(step, view, size.plot_wide) for step in (marks or Marks()).checkpoints}
    return rows + _x_axis(view, size, kept - {None})


def _labels(scale: Scale, high: int) -> dict[int, float]:
    """The row of each tick; at least four, where there are rows for them."""
    wanted = scale.ticks(FEWEST_TICKS, max(FEWEST_TICKS, high // ROWS_A_TICK))
    return {_down(scale, value, high): value for value in wanted}


def _held_out(marks: Marks, view: View, size: Size) -> dict[int, list[tuple[int, float]]]:
    """By row: the column and value of each held-out score, on a scale of their own."""
    if not size.right or not marks.held_out:
        return {}
    values = [value for _, value in marks.held_out]
    room = (max(values) - min(values)) or 1.0
    # A third of the height stays free above and below, so that two points are no steep fall.
    scale = Scale(min(values) - room / 2, max(values) + room / 2, log=False)
    by_row: dict[int, list[tuple[int, float]]] = {}
    for step, value in marks.held_out:
        column = _across(max(step, view.first) if step == 0 else step, view, size.plot_wide)
        if column is not None:
            by_row.setdefault(_down(scale, value, size.plot_high), []).append((column, value))
    return by_row


def _right_scale(held_out: list[tuple[int, float]] | None, size: Size) -> Row:
    if not size.right:
        return ()
    if not held_out:
        return (("│", "axis"), (" " * (size.right - 1), ""))
    value = f"{held_out[-1][1]:.4g}"[: size.right - 1]
    return (("├", "axis"), (value.ljust(size.right - 1), "held"))


class _Cells:
    """One row while it is put together; what comes later lies above."""

    def __init__(self, wide: int, ground: str) -> None:
        self._letters = [ground] * wide
        self._kinds = ["" if ground == " " else "guide"] * wide

    def put(self, at: int, letter: str, part: str) -> None:
        """Put one character."""
        self._letters[at] = letter
        self._kinds[at] = part

    def draw(self, mask: bytes, letters: str, part: str) -> None:
        """Put a drawn row, where it holds dots."""
        start = len(mask) - len(mask.lstrip(b"\0"))
        for at in range(start, len(mask.rstrip(b"\0"))):
            if mask[at]:
                self._letters[at] = letters[at]
                self._kinds[at] = part

    def parts(self) -> Row:
        """The row as texts of one kind each."""
        runs: list[tuple[str, str]] = []
        start = 0
        for kind, group in groupby(self._kinds):
            end = start + sum(1 for _ in group)
            runs.append(("".join(self._letters[start:end]), kind))
            start = end
        return tuple(runs)


def _layers(
    shown: list[list[Column]], scale: Scale, view: View, size: Size, dots: Dots
) -> list[tuple[str, Drawing]]:
    def blank() -> Drawing:
        return Drawing(dots, size.plot_wide, size.plot_high)

    bottom = size.plot_high * dots.down - 1

    def pixel(value: float) -> int:
        return round((1 - scale.place(value)) * bottom)

    ours, theirs = shown
    layers = []
    if theirs:
        layers.append(("other", _line(theirs, blank(), pixel)))
    layers.append(("raw" if view.memory else "smooth", _bars(ours, blank(), pixel)))
    if view.memory:
        layers.append(("smooth", _line(ours, blank(), pixel)))
    return layers


def _bars(columns: list[Column], drawing: Drawing, pixel: Callable[[float], int]) -> Drawing:
    before: Column | None = None
    for column in columns:
        if column.low > column.high:
            continue
        drawing.bar(column.x, pixel(column.high), pixel(column.low))
        if before is not None and before.last == before.last:
            drawing.line(before.x, pixel(before.last), column.x, pixel(column.high))
        before = column
    return drawing


def _line(columns: list[Column], drawing: Drawing, pixel: Callable[[float], int]) -> Drawing:
    before: tuple[int, int] | None = None
    for column in columns:
        # A smoothed value is no number only before the first one that is.
        if column.smooth != column.smooth:
            continue
        x, y = column.x, pixel(column.smooth)
        if before is None:
            drawing.bar(x, y, y)
        else:
            drawing.line(*before, x, y)
        before = (x, y)
    return drawing


def _labelled(value: float | None, cells: Row) -> Row:
    label = "" if value is None else tick_text(value)
    return ((label.rjust(GUTTER), "label"), ("│" if value is None else "┤", "axis"), *cells)


def tick_text(value: float) -> str:
    """A number as short as the room beside an axis: 2.5, 1200, 2.5e-4."""
    text = f"{value:.4g}"
    if len(text) < GUTTER and "e" not in text:
        return text
    mantissa, _, power = f"{value:.1e}".partition("e")
    return f"{mantissa.removesuffix('.0')}e{int(power)}"


def _down(scale: Scale, value: float, rows: int) -> int:
    return min(rows - 1, int((1 - scale.place(value)) * rows))


def _across(step: float | None, view: View, wide: int) -> int | None:
    if step is None or not view.first <= step <= view.last:
        return None
    return round((step - view.first) / max(1e-9, view.last - view.first) * (wide - 1))


def _x_axis(view: View, size: Size, kept: set[int | None]) -> list[Row]:
    wide = size.plot_wide
    line, text = ["─"] * wide, [" "] * wide
    free = 0
    for value in ticks(view.first, max(view.last, view.first + 1), max(2, wide // COLUMNS_A_TICK)):
        at = _across(value, view, wide)
        if value != int(value) or at is None:
            continue
        label = str(int(value))
        start = max(0, min(wide - len(label), at - len(label) // 2))
        if start >= free:
            line[at] = "┬"
            text[start : start + len(label)] = label
            free = start + len(label) + 2
    corner = "┘".ljust(size.right) if size.right else ""
    axis = _Cells(wide, " ")
    for at, letter in enumerate(line):
        axis.put(at, letter, "axis")
    for at in kept:
        if at is not None:
            axis.put(at, CHECKPOINT, "kept")
    return [
        ((" " * GUTTER, "label"), ("└", "axis"), *axis.parts(), (corner, "axis")),
        ((" " * (GUTTER + 1) + "".join(text) + " " * size.right, "label"),),
    ]


def _waiting(size: Size) -> list[Row]:
    blank: Row = ((" " * size.wide, ""),)
    rows = [blank] * size.high
    rows[size.high // 2] = ((WAITING.center(size.wide), "label"),)
    return rows
