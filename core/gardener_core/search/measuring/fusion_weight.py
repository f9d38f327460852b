"""Choose what an embedder counts beside the words."""

import random
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from gardener_core.search.measuring.mrr import RankScores, interval

GRID = (0.0, 0.1, 0.2, 0.35, 0.5, 0.7, 1.0)
FEWEST = 40  # questions of one kind; a kind with fewer does not choose
SEED = 0

ByWeight = Mapping[float, float]  # the rank of the answer by each weight


@dataclass(frozen=True, slots=True)
class WeightChoice:
    """A weight, and what the one that was tried gained over words alone on the other half.

    The weight is 0 where nothing was gained there.
    """

    weight: float
    tried: float
    gain: float
    low: float
    high: float


def choose(asked: Sequence[tuple[str, ByWeight]], usual: float) -> WeightChoice | None:
    """Choose on one half of the questions, confirm on the other; kinds count alike.

    Of all weights that are not surely worse than the best, the one that is nearest to the usual is
    tried: that was chosen on more questions than one project has. Without gain on the other half
    the weight is 0.
    """
    kinds: defaultdict[str, list[ByWeight]] = defaultdict(list)
    for kind, ranks in asked:
        kinds[kind].append(ranks)
    first: list[Sequence[ByWeight]] = []
    second: list[Sequence[ByWeight]] = []
    for _, some in sorted(kinds.items()):
        if len(some) >= FEWEST:
            drawn = random.Random(SEED).sample(some, len(some))
            half = len(drawn) // 2
            first.append(drawn[:half])
            second.append(drawn[half:])
    if not first:
        return None
    best = max(GRID, key=lambda weight: (_value(first, weight), -weight))
    as_good = [weight for weight in GRID if _gain(first, best, weight)[1] <= 0]
    tried = min(as_good, key=lambda weight: abs(weight - usual))
    gain, low, high = _gain(second, tried, 0.0)
    return WeightChoice(tried if gain > 0 else 0.0, tried, gain, low, high)


def _value(kinds: Sequence[Sequence[ByWeight]], weight: float) -> float:
    """The mean of the kinds' means."""
    return float(np.mean([_ranks(some, weight).mrr() for some in kinds]))


def _gain(
    kinds: Sequence[Sequence[ByWeight]], weight: float, other: float
) -> tuple[float, float, float]:
    """What a weight gains over another, each kind counting alike, with 95 of 100 draws."""
    gains = []
    for some in kinds:
        each = _ranks(some, weight).reciprocal() - _ranks(some, other).reciprocal()
        share = sum(map(len, kinds)) / (len(kinds) * len(some))
        gains.append(each * share)
    together = np.concatenate(gains)
    return float(together.mean()), *interval(together)


def _ranks(some: Sequence[ByWeight], weight: float) -> RankScores:
    return RankScores(np.array([ranks[weight] for ranks in some]))
