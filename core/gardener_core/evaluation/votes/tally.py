"""Count blind votes."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from gardener_core.evaluation.votes.vote import Answerer, Vote

_Z = 1.96  # of a 95 % interval


@dataclass(frozen=True, slots=True)
class VoteTally:
    """How often either of two was preferred.

    `share` is that of the first among the votes that preferred one, with its 95 % interval
    (Wilson).
    """

    first: Answerer
    second: Answerer
    for_first: int
    for_second: int
    same: int
    skipped: int
    share: float
    low: float
    high: float

    @property
    def n(self) -> int:
        """The votes that preferred one."""
        return self.for_first + self.for_second


def tally_of(votes: Sequence[Vote], first: Answerer, second: Answerer) -> VoteTally:
    """The votes between two; open ones do not count."""
    own = [vote for vote in votes if vote.is_between(first, second)]
    for_first = sum(vote.preferred == first for vote in own)
    for_second = sum(vote.preferred == second for vote in own)
    same = sum(vote.choice == "same" for vote in own)
    skipped = sum(vote.choice == "skip" for vote in own)
    share = _wilson(for_first, for_first + for_second)
    return VoteTally(first, second, for_first, for_second, same, skipped, *share)


def tallies_of(votes: Sequence[Vote], of: Answerer) -> list[VoteTally]:
    """One tally for each that was voted against, the most votes first."""
    others = dict.fromkeys(
        vote.pair.right if vote.pair.left == of else vote.pair.left
        for vote in votes
        if vote.choice is not None and of in (vote.pair.left, vote.pair.right)
    )
    return sorted((tally_of(votes, of, one) for one in others), key=lambda one: -one.n)


def tally_words(tally: VoteTally) -> str:
    """A tally in a sentence: how many, of how many, and whether that is a difference."""
    first, second = tally.first.name, tally.second.name
    rest = f"{tally.same} the same, {tally.skipped} skipped"
    if not tally.n:
        return f"{first} against {second}: no vote yet for either; {rest}"
    share = f"{tally.share:.0%}, {tally.low:.0%} to {tally.high:.0%}"
    return (
        f"{first} preferred to {second} in {tally.for_first} of {tally.n} blind votes ({share}); "
        f"{rest}: {_verdict(tally)}"
    )


def _verdict(tally: VoteTally) -> str:
    if tally.low > 0.5:
        return f"{tally.first.name} is preferred"
    if tally.high < 0.5:
        return f"{tally.second.name} is preferred"
    return "no difference is seen"


def _wilson(count: int, n: int) -> tuple[float, float, float]:
    if not n:
        return 0.0, 0.0, 1.0
    share, scale = count / n, 1 + _Z * _Z / n
    middle = (share + _Z * _Z / (2 * n)) / scale
    reach = _Z * math.sqrt(share * (1 - share) / n + _Z * _Z / (4 * n * n)) / scale
    return share, max(0.0, middle - reach), min(1.0, middle + reach)
