import math
import random

from gardener_tui.widgets.curve import Curve, span_of, ticks


def curve(*values: float) -> Curve:
    made = Curve()
    for step, value in enumerate(values, 1):
        made.add(step, value)
    return made


def test_a_spike_is_in_its_column_however_narrow_the_chart() -> None:
    values = [1.0] * 10_000
    values[7_777] = 9.0
    columns = curve(*values).columns(curve(*values).values, 40)
    assert max(column.high for column in columns) == 9.0
    assert len(columns) <= 40
    assert [column.x for column in columns] == sorted({column.x for column in columns})


def test_every_value_is_in_exactly_one_column() -> None:
    dice = random.Random(1)
    for count in (1, 2, 3, 79, 80, 81, 500):
        made = curve(*(dice.random() for _ in range(count)))
        columns = made.columns(made.values, 80)
        assert max(column.high for column in columns) == max(made.values)
        assert min(column.low for column in columns) == min(made.values)
        assert columns[-1].last == made.values[-1]
        assert columns[0].x == 0
        assert all(0 <= column.x < 80 for column in columns)
        if count > 1:
            assert columns[-1].x == 79


def test_a_lost_attempt_is_replaced_not_drawn_twice() -> None:
    made = curve(5.0, 4.0, 3.0, 2.0)
    made.add(3, 3.5)
    assert list(made.steps) == [1, 2, 3]
    assert list(made.values) == [5.0, 4.0, 3.5]
    assert list(made.smooth) == list(curve(5.0, 4.0, 3.5).smooth)


def test_the_smoothed_line_begins_at_the_first_value_and_lags() -> None:
    made = curve(*([4.0] * 5 + [2.0] * 5))
    assert made.smooth[0] == 4.0
    assert 2.0 < made.smooth[-1] < 4.0


def test_a_loss_that_is_no_number_leaves_a_gap() -> None:
    made = curve(3.0, math.nan, math.inf, 2.0)
    columns = made.columns(made.values, 40)
    assert [column.last for column in columns] == [3.0, 2.0]
    assert all(math.isfinite(value) for value in made.smooth)


def test_one_spike_does_not_flatten_the_rest() -> None:
    values = [2.0 + (n % 7) / 10 for n in range(200)]
    values[100] = 500.0
    made = curve(*values)
    low, high = span_of(made.columns(made.values, 120), made.columns(made.smooth, 120))
    assert low < 2.0
    assert high < 70


def test_a_flat_curve_has_a_range() -> None:
    made = curve(2.0, 2.0)
    low, high = span_of(made.columns(made.values, 10), made.columns(made.smooth, 10))
    assert low < 2.0 < high


def test_ticks_are_round_few_and_inside() -> None:
    assert ticks(0.0, 10.0, 5) == [0, 2, 4, 6, 8, 10]
    for low, high, most in ((2.21, 5.53, 4), (0.001, 0.0042, 3), (1, 124, 6), (9.9, 1_000, 8)):
        found = ticks(low, high, most)
        assert 1 <= len(found) <= most + 1
        assert all(low <= tick <= high * 1.000001 for tick in found)
