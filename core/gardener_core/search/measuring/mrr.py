"""Mean reciprocal rank and recall, with intervals."""

from collections.abc import Sequence, Set
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

NOWHERE = 1_000_000.0
RESAMPLES = 2_000
CONFIDENCE = 95
LAST_COUNTED = 10


@dataclass(frozen=True, slots=True, eq=False)
class RankScores:
    """The rank of the best answer to each question, by symbols."""

    ranks: NDArray[np.float64]

    def mrr(self) -> float:
        """The mean of 1/rank, 0 from rank 11 on."""
        return float(self.reciprocal().mean())

    def recall(self, within: int) -> float:
        """The share of questions answered within this rank."""
        return float((self.ranks <= within).mean())

    def interval(self) -> tuple[float, float]:
        """The 95 % bootstrap interval of the mean of 1/rank."""
        return interval(self.reciprocal())

    def against(self, other: "RankScores") -> str:
        """The gain over another ranking of the same questions, as text."""
        gain, low, high = self.gain(other)
        return f"{gain:+.3f} (95 %: {low:+.3f} to {high:+.3f})"

    def gain(self, other: "RankScores") -> tuple[float, float, float]:
        """The gain over another ranking, with its 95 % paired bootstrap interval."""
        gains = self.reciprocal() - other.reciprocal()
        return float(gains.mean()), *interval(gains)

    def line(self, name: str) -> str:
        """All figures as a line of a report."""
        low, high = self.interval()
        recalls = " ".join(f"{self.recall(k):.3f}" for k in (1, 5, 10))
        return (
            f"- {name}: MRR@10 {self.mrr():.3f} ({low:.3f}-{high:.3f}), "
            f"recall@1/5/10 {recalls}, n {len(self.ranks)}"
        )

    def reciprocal(self) -> NDArray[np.float64]:
        """1/rank of each question."""
        return np.where(self.ranks <= LAST_COUNTED, 1 / self.ranks, 0.0)


class AnswerRanks:
    """Ranks symbols by the best of their texts."""

    def __init__(self, keys: Sequence[tuple[str, str, int]]) -> None:
        """Keys are a path, a symbol, and a line where there is no symbol."""
        numbers = {key: number for number, key in enumerate(dict.fromkeys(keys))}
        self._keys = list(numbers)
        self._groups = np.array([numbers[key] for key in keys], np.intp)

    def rank(
        self,
        scores: NDArray[np.float32],
        answers: Set[tuple[str, str]],
        minimum: float = -NOWHERE,
    ) -> float:
        """The rank of the best answer; ties share their mean, scores below `minimum` have none."""
        best = np.full(len(self._keys), -np.inf)
        np.maximum.at(best, self._groups, scores)
        answers_here = [number for number, key in enumerate(self._keys) if key[:2] in answers]
        if not answers_here or (score := best[answers_here].max()) < minimum:
            return NOWHERE
        return float(1 + (best > score).sum() + ((best == score).sum() - 1) / 2)


def joined(ranks: Sequence[RankScores]) -> RankScores:
    """The ranks of several sets as one."""
    return RankScores(np.concatenate([each.ranks for each in ranks]))


def interval(values: NDArray[np.float64]) -> tuple[float, float]:
    """The 95 % bootstrap interval of the mean, with a fixed seed."""
    chance = np.random.default_rng(0)
    means = chance.choice(values, (RESAMPLES, len(values))).mean(axis=1)
    tail = (100 - CONFIDENCE) / 2
    low, high = np.percentile(means, [tail, 100 - tail])
    return float(low), float(high)
