"""Figures are sums over sums, and their intervals come from whole files."""

import pytest

from gardener_core.evaluation.card.figures import (
    FileSums,
    beyond_control,
    difference,
    figure_of,
    level,
    perplexity,
    relative_change,
)


def sums(path: str, one: float, other: float, of: float = 10.0) -> FileSums:
    return FileSums(path, one, of, other, of, 1)


def test_a_figure_weighs_files_by_their_size_and_not_each_alike() -> None:
    parts = [sums("a", 10, 20, of=10), sums("b", 300, 300, of=100)]
    figure = figure_of(parts, level)
    assert figure is not None and figure.mean == pytest.approx(310 / 110)
    assert (figure.n, figure.files) == (2, 2)
    change = figure_of(parts, relative_change)
    assert change is not None and change.mean == pytest.approx(310 / 320 - 1)


def test_items_of_one_file_are_drawn_together() -> None:
    alone = figure_of([sums(str(n), n % 2, 0, of=1) for n in range(20)], level)
    together = figure_of([sums(str(n % 2), n % 2, 0, of=1) for n in range(20)], level)
    assert alone and together and alone.mean == together.mean == 0.5
    assert (alone.n, alone.files, together.n, together.files) == (20, 20, 20, 2)
    assert together.high - together.low > alone.high - alone.low > 0


def test_the_same_items_give_the_same_interval() -> None:
    parts = [sums(str(n), n * 7 % 5, n * 3 % 4) for n in range(1, 12)]
    assert figure_of(parts, difference) == figure_of(list(reversed(parts)), difference)


def test_no_difference_has_no_width_and_nothing_has_no_figure() -> None:
    equal = figure_of([sums(str(n), n, n) for n in range(1, 9)], relative_change)
    assert equal is not None and equal.mean == equal.low == equal.high == 0.0
    assert figure_of([], level) is None


def test_half_of_what_is_saved_must_be_beyond_the_control() -> None:
    def saved(adapter: float, control: float) -> float:
        figure = figure_of([FileSums("a", adapter, control, 100, 0, 1)], beyond_control)
        assert figure is not None
        return figure.mean

    assert saved(80.3, 94.4) == pytest.approx(0.197 - 2 * 0.056), "its own project"
    assert saved(94.4, 96.2) < 0, "another project's adapter saves as the control does"
    assert saved(98, 103) == pytest.approx(0.02), "a control that loses lends nothing"


def test_perplexity_is_two_to_the_bits_of_a_token() -> None:
    figure = figure_of([sums("a", 30, 0, of=10)], perplexity)
    assert figure is not None and figure.mean == 8.0
