"""Time is shared out, and every part has its least."""

from dataclasses import replace

from gardener_core.evaluation.card.items import Item, Measure
from gardener_core.evaluation.measuring.shares import FEWEST, SHARES, Shares

MANY: dict[Measure, int] = {"bits_per_byte": 99, "statement": 99, "scope": 99, "foreign": 99}


def run(seconds: float, waiting: dict[Measure, int], cost: float) -> list[Measure]:
    shares, order = Shares(seconds, waiting), []
    item = Item("statement", "a.py", 1, "", 1, 1, "", seconds=cost)
    while (measure := shares.next()) is not None:
        shares.take([replace(item, measure=measure)])
        order.append(measure)
    return order


def test_each_part_has_its_share_of_the_time() -> None:
    order = run(100.0, MANY, cost=1.0)
    assert len(order) == 100
    assert all(abs(order.count(part) - 100 * share) <= 2 for part, share in SHARES.items())


def test_without_time_every_part_has_its_least() -> None:
    order = run(0.0, MANY, cost=5.0)
    assert {part: order.count(part) for part in SHARES} == FEWEST


def test_what_every_part_needs_is_expected_beyond_the_time_that_was_given() -> None:
    shares = Shares(10.0, MANY)
    assert shares.expected == 10.0
    item = Item("statement", "a.py", 1, "", 1, 1, "", seconds=2.0)
    shares.take([item])
    assert shares.expected == 2.0 * sum(FEWEST.values())
    assert Shares(10.0, {**MANY, "statement": 1}).expected == 10.0


def test_what_has_nothing_left_leaves_its_time_to_the_others() -> None:
    order = run(100.0, {**MANY, "bits_per_byte": 3}, cost=1.0)
    assert order.count("bits_per_byte") == 3 and len(order) == 100
