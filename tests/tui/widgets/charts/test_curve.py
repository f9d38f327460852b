"""Curves: values, smoothing, columns, scales, pictures."""

import math
import random
import time
from array import array

import pytest

from gardener_tui.widgets.charts.curve import Column, CurveData
from gardener_tui.widgets.charts.dots import BRAILLE
from gardener_tui.widgets.charts.plot import Marks, Size, View, picture
from gardener_tui.widgets.charts.pyramid import FAN, Pyramid
from gardener_tui.widgets.charts.scale import Scale, scale_of, ticks

MANY = 100_000


def curve(*values: float) -> CurveData:
    made = CurveData()
    for step, value in enumerate(values, 1):
        made.add(step, value)
    return made


def all_columns(made: CurveData, width: int, memory: float = 0.9) -> list[Column]:
    return made.columns(width, made.steps[0], made.steps[-1], memory)


def test_a_spike_is_in_its_column_however_narrow_the_chart() -> None:
    values = [1.0] * 10_000
    values[7_777] = 9.0
    columns = all_columns(curve(*values), 40)
    assert max(column.high for column in columns) == 9.0
    assert len(columns) <= 40
    assert [column.x for column in columns] == sorted({column.x for column in columns})


def test_every_value_is_in_exactly_one_column() -> None:
    dice = random.Random(1)
    for count in (1, 2, 3, 79, 80, 81, 500):
        made = curve(*(dice.random() for _ in range(count)))
        columns = all_columns(made, 80)
        assert max(column.high for column in columns) == max(made.values)
        assert min(column.low for column in columns) == min(made.values)
        assert columns[-1].last == made.values[-1]
        assert columns[0].x == 0
        assert all(0 <= column.x < 80 for column in columns)
        if count > 1:
            assert columns[-1].x == 79


def test_any_stretch_has_the_extremes_of_its_numbers() -> None:
    dice = random.Random(2)
    values = [dice.gauss(0, 1) for _ in range(3 * FAN**3 + 5)]
    pyramid = Pyramid()
    pyramid.extend(values[:1000])
    for value in values[1000:]:
        pyramid.add(value)
    for _ in range(300):
        start, end = sorted((dice.randrange(len(values)), dice.randrange(len(values)) + 1))
        if start < end:
            kept = values[start:end]
            assert pyramid.span(start, end) == (min(kept), max(kept))
    pyramid.cut(777)
    assert pyramid.span(0, 777) == (min(values[:777]), max(values[:777]))
    pyramid.add(99.0)
    assert len(pyramid) == 778 and pyramid.span(0, 778)[1] == 99.0


def test_only_the_steps_between_two_are_in_the_columns() -> None:
    made = curve(*(float(n) for n in range(1, 1001)))
    columns = made.columns(50, 400, 499, 0.0)
    assert columns[0].low == 400 and columns[-1].high == 499


def test_a_lost_attempt_is_replaced_not_drawn_twice() -> None:
    made = curve(5.0, math.nan, 3.0, 2.0)
    made.smooth(0.9)
    made.add(2, 3.5)
    assert list(made.steps) == [1, 2]
    assert list(made.values) == [5.0, 3.5]
    assert list(made.smooth(0.9)) == list(curve(5.0, 3.5).smooth(0.9))
    assert not any(column.odd for column in all_columns(made, 40))


def test_the_smoothed_line_begins_at_the_first_value_and_lags() -> None:
    made = curve(*([4.0] * 5 + [2.0] * 5))
    little, much = made.smooth(0.9), made.smooth(0.98)
    assert little[0] == pytest.approx(4.0)
    assert 2.0 < little[-1] < much[-1] < 4.0
    assert made.smooth(0.0) is made.values


def test_a_loss_that_is_no_number_is_told_apart() -> None:
    made = curve(3.0, math.nan, math.inf, 2.0)
    columns = all_columns(made, 40)
    assert [column.odd for column in columns] == [False, True, True, False]
    assert [column.low for column in columns if column.low <= column.high] == [3.0, 2.0]
    assert all(math.isfinite(value) for value in made.smooth(0.9))


def test_many_at_once_are_the_same_as_one_by_one() -> None:
    dice = random.Random(3)
    values = [dice.gauss(2, 1) for _ in range(999)]
    values[500] = math.nan
    one, many = curve(*values), CurveData()
    many.extend(array("q", range(1, 500)), array("d", values[:499]))
    many.extend(array("q", range(500, 1000)), array("d", values[499:]))
    assert all_columns(one, 77) == all_columns(many, 77)


def test_the_nearest_step_is_read_out() -> None:
    made = CurveData()
    made.extend([10, 20, 30], [3.0, 2.0, 1.0])
    reading = made.reading(24.0, 0.0)
    assert reading is not None and (reading.step, reading.value) == (20, 2.0)
    last = made.reading(1e9, 0.9)
    assert last is not None and last.step == 30
    assert CurveData().reading(1.0, 0.9) is None


def test_one_spike_does_not_flatten_the_rest() -> None:
    values = [2.0 + (n % 7) / 10 for n in range(200)]
    values[100] = 500.0
    scale = scale_of([all_columns(curve(*values), 120)], log=False)
    assert scale is not None and scale.low < 2.0
    assert scale.high < 70


def test_a_flat_curve_has_a_range_and_nothing_finite_has_none() -> None:
    scale = scale_of([all_columns(curve(2.0, 2.0), 10)], log=False)
    assert scale is not None and scale.low < 2.0 < scale.high
    assert scale_of([all_columns(curve(math.nan, math.nan), 10)], log=False) is None
    assert scale_of([all_columns(curve(-1.0, -2.0), 10)], log=True) is None


def test_a_logarithm_gives_each_power_the_same_room() -> None:
    scale = Scale(-2.0, 2.0, log=True)
    places = [scale.place(10.0**power) for power in range(-2, 3)]
    assert places == pytest.approx([0, 0.25, 0.5, 0.75, 1])
    assert scale.place(0.0) == 0 and scale.place(-3.0) == 0
    assert {0.01, 0.1, 1, 10, 100} <= {round(tick, 9) for tick in scale.ticks(4, 20)}


def test_ticks_are_round_few_and_inside() -> None:
    assert ticks(0.0, 10.0, 5) == [0, 2, 4, 6, 8, 10]
    for low, high, most in ((2.21, 5.53, 4), (0.001, 0.0042, 3), (1, 124, 6), (9.9, 1_000, 8)):
        found = ticks(low, high, most)
        assert 1 <= len(found) <= most + 1
        assert all(low <= tick <= high * 1.000001 for tick in found)


@pytest.mark.parametrize("high", [8, 10, 13, 16, 25, 40])
@pytest.mark.parametrize(("low", "top"), [(2.4, 5.5), (0.61, 0.66), (2.0, 2.01), (0.9, 9.4)])
def test_at_least_four_ticks_at_every_usual_size(high: int, low: float, top: float) -> None:
    made = curve(*(top - (top - low) * n / 99 for n in range(100)))
    for log in (False, True):
        view = View(1, 100, 0.9, log)
        rows = picture(made, None, view, Size(60, high), BRAILLE)
        labelled = [row[0][0].strip() for row in rows[:-1] if row[1][0] == "┤"]
        assert 4 <= len(labelled) <= max(9, high // 2), labelled
        assert len(set(labelled)) == len(labelled), labelled


def test_checkpoints_stand_on_the_axis_and_scores_have_a_scale_of_their_own() -> None:
    made = curve(*(3.0 - n / 100 for n in range(100)))
    marks = Marks(checkpoints=(25, 50), held_out=((0, 2.914), (100, 2.604)))
    size = Size(80, 20, right=marks.gutter(80))
    rows = picture(made, None, View(1, 100, 0.9), size, BRAILLE, marks)
    texts = ["".join(text for text, _ in row) for row in rows]
    assert {len(text) for text in texts} == {80}
    (axis,) = [text for text in texts if "└" in text]
    assert [at for at, letter in enumerate(axis) if letter == "▲"] == [7 + 16, 7 + 32]
    before, after = (next(t for t in texts if f"├{value}" in t) for value in ("2.914", "2.604"))
    assert before.index("◆") == 7 and after.index("◆") == 7 + size.plot_wide - 1
    assert texts.index(before) < texts.index(after), "what fell stands lower"


def test_the_best_value_is_the_lowest_of_the_smoothed_line() -> None:
    made = curve(5.0, 1.0, *[2.0] * 40, *[3.0] * 20)
    best = made.best(0.9)
    smooth = list(made.smooth(0.9))
    assert best is not None and best.smooth == min(smooth)
    assert best.step == smooth.index(min(smooth)) + 1
    made.add(made.steps[-1] + 1, -50.0)
    assert (found := made.best(0.9)) is not None and found.step == made.steps[-1]
    made.add(made.steps[-1], 3.0)  # a lost attempt took that back
    assert made.best(0.9) == best


def test_a_long_curve_costs_what_the_chart_is_wide_not_what_it_is_long() -> None:
    size = Size(100, 24)
    short, long = CurveData(), CurveData()
    dice = random.Random(4)
    for made, count in ((short, 1_000), (long, MANY)):
        made.extend(range(1, count + 1), [dice.gauss(2, 0.3) for _ in range(count)])
    cheap = min(_draw(short, size) for _ in range(9))
    dear = min(_draw(long, size) for _ in range(9))
    assert dear < 3 * cheap + 0.002, f"{dear * 1000:.1f} ms against {cheap * 1000:.1f} ms"


def _draw(made: CurveData, size: Size) -> float:
    began = time.process_time()
    made.add(made.steps[-1] + 1, 2.0)
    picture(made, None, View(1, made.steps[-1], 0.9), size, BRAILLE)
    return time.process_time() - began
