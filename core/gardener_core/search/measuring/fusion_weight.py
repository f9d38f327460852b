"""Choose the weight of an embedder beside words."""

import random
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from gardener_core.search.measuring.mrr import RankScores, interval

GRID = (0.0, 0.1, 0.2, 0.35, 0.5, 0.7, 1.0)
MIN_QUESTIONS = 40  # of one kind; a kind with fewer does not count
SEED = 0

ByWeight = Mapping[float, float]  # the rank of the answer by each weight


@dataclass(frozen=True, slots=True)
class WeightChoice:
    """A weight, and the gain of the tried one over words alone, on the other half.

    The weight is 0 where there was no gain.
    """

    weight: float
    tried: float
    gain: float
    low: float
    high: float


def choose(questions: Sequence[tuple[str, ByWeight]], default: float) -> WeightChoice | None:
    """Choose on one half of the questions, confirm on the other; kinds count equally.

    Of all weights that are not significantly worse than the best, the one nearest to the default
    is tried: that was chosen on more questions than one project has. Without a gain on the other
    half the weight is 0.
    """
    kinds: defaultdict[str, list[ByWeight]] = defaultdict(list)
    for kind, ranks in questions:
        kinds[kind].append(ranks)
    first: list[Sequence[ByWeight]] = []
    second: list[Sequence[ByWeight]] = []
    for _, some in sorted(kinds.items()):
        if len(some) >= MIN_QUESTIONS:
            drawn = random.Random(SEED).sample(some, len(some))
            half = len(drawn) // 2
            first.append(drawn[:half])
            second.append(drawn[half:])
    if not first:
        return None
    best = max(GRID, key=lambda weight: (_value(first, weight), -weight))
    as_good = [weight for weight in GRID if _gain(first, best, weight)[1] <= 0]
    tried = min(as_good, key=lambda weight: abs(weight - default))
    gain, low, high = _gain(second, tried, 0.0)
    return WeightChoice(tried if gain > 0 else 0.0, tried, gain, low, high)


def _value(kinds: Sequence[Sequence[ByWeight]], weight: float) -> float:
    """The mean of the kinds' means."""
    return float(np.mean([_ranks(some, weight).mrr() for some in kinds]))


def _gain(
    kinds: Sequence[Sequence[ByWeight]], weight: float, other: float
) -> tuple[float, float, float]:
    """The gain of a weight over another, kinds counting equally, with its 95 % interval."""
    gains = []
    for some in kinds:
        each = _ranks(some, weight).reciprocal() - _ranks(some, other).reciprocal()
        share = sum(map(len, kinds)) / (len(kinds) * len(some))
        gains.append(each * share)
    together = np.concatenate(gains)
    return float(together.mean()), *interval(together)


def _ranks(some: Sequence[ByWeight], weight: float) -> RankScores:
    return RankScores(np.array([ranks[weight] for ranks in some]))
