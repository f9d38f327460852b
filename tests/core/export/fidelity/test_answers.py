"""Gaps and bits are those of the tokens that were compared."""

import math

import pytest
import torch

from gardener_core.export.fidelity.answers import Bits, widest_gap
from gardener_core.models.serving.served import Candidate


def test_the_widest_gap_is_among_the_ten_likeliest() -> None:
    expected = torch.tensor([-1.0] * 12)
    likeliest = [Candidate(number, -1.0) for number in range(12)]
    assert widest_gap(likeliest, expected) == 0.0
    likeliest[3] = Candidate(3, -1.25)
    likeliest[11] = Candidate(11, -9.0)  # the twelfth is not looked at
    assert widest_gap(likeliest, expected) == pytest.approx(0.25)


def test_bits_are_added_up_and_what_is_lost_lies_in_its_interval() -> None:
    bits = Bits()
    for step in range(100):
        other = 0.1 if step % 2 else -0.08
        bits.add(-3 * math.log(2), -2 * math.log(2), -(2 + other) * math.log(2), 2)
    assert bits.base == pytest.approx(300) and bits.trained == pytest.approx(200)
    assert bits.exported == pytest.approx(201) and bits.bytes == 200
    low, high = bits.lost()
    assert low < 0.005 < high and (low + high) / 2 == pytest.approx(0.005)
    assert high - low == pytest.approx(2 * 1.96 * 0.0905 * 10 / 200, rel=0.01)


def test_nothing_is_lost_where_nothing_was_compared() -> None:
    assert Bits().lost() == (0.0, 0.0)
