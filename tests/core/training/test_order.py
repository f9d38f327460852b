"""Rows come in an order that is drawn anew each epoch and survives a crash."""

from gardener_core.training.order import RowOrder


def test_every_row_comes_once_an_epoch() -> None:
    order = RowOrder(0, 10)
    places = [row for step in range(10) for row in order.of_step(step, 3)]
    epochs = [places[:10], places[10:20], places[20:30]]
    assert all(sorted(epoch) == list(range(10)) for epoch in epochs)
    assert len({tuple(epoch) for epoch in epochs}) == 3 and epochs[0] != list(range(10))


def test_the_order_is_that_of_the_seed_wherever_one_begins() -> None:
    whole = RowOrder(0, 7)
    steps = [whole.of_step(step, 4) for step in range(9)]
    assert [RowOrder(0, 7).of_step(step, 4) for step in range(9)] == steps
    assert [RowOrder(1, 7).of_step(step, 4) for step in range(9)] != steps
