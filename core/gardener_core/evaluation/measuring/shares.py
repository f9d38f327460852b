"""Share the time of a measurement out among its parts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from gardener_core.evaluation.card.items import Item, Measure

# Of the time; what has nothing left to measure leaves its share to the others.
SHARES: Mapping[Measure, float] = {
    "bits_per_byte": 0.4,
    "statement": 0.35,
    "scope": 0.12,
    "foreign": 0.13,
}
FEWEST: Mapping[Measure, int] = {"bits_per_byte": 8, "statement": 12, "scope": 4, "foreign": 6}


@dataclass(slots=True)
class Shares:
    """Says what is measured next, until the time is used and every part has its least.

    `waiting` are how many items of each part there are to measure.
    """

    seconds: float
    waiting: Mapping[Measure, int]
    _spent: dict[Measure, float] = field(default_factory=dict)
    _done: dict[Measure, int] = field(default_factory=dict)

    @property
    def spent(self) -> float:
        """The seconds of all items."""
        return sum(self._spent.values())

    @property
    def expected(self) -> float:
        """The seconds of all: those that were given, or more where every part needs its least."""
        usual = self.spent / max(1, sum(self._done.values()))
        least = self.spent
        for one in SHARES:
            done = self._done.get(one, 0)
            missing = max(0, min(FEWEST[one], self.waiting.get(one, 0)) - done)
            least += missing * (self._spent[one] / done if done else usual)
        return max(self.seconds, least)

    def take(self, items: Sequence[Item]) -> None:
        """Count items that were measured."""
        for item in items:
            self._spent[item.measure] = self._spent.get(item.measure, 0.0) + item.seconds
            self._done[item.measure] = self._done.get(item.measure, 0) + 1

    def next(self) -> Measure | None:
        """The part that has had least of its share; None when it is enough."""
        left = [one for one in SHARES if self._done.get(one, 0) < self.waiting.get(one, 0)]
        if self.spent >= self.seconds:
            left = [one for one in left if self._done.get(one, 0) < FEWEST[one]]
        if not left:
            return None
        return min(left, key=lambda one: self._spent.get(one, 0.0) / SHARES[one])
