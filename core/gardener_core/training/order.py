"""The order in which rows are learned."""

import hashlib
import random


class RowOrder:
    """Every row once an epoch, in an order that is drawn for each epoch.

    It depends on the seed and the epoch alone, so a run that is resumed goes on where it was, and
    two runs with the same settings are alike.
    """

    def __init__(self, seed: int, rows: int) -> None:
        self._seed = seed
        self._rows = rows
        self._epoch = -1
        self._drawn: list[int] = []

    def of_step(self, step: int, rows_a_step: int) -> list[int]:
        """The rows of a step, counted from 0."""
        first = step * rows_a_step
        return [self._row(place) for place in range(first, first + rows_a_step)]

    def _row(self, place: int) -> int:
        epoch, at = divmod(place, self._rows)
        if epoch != self._epoch:
            seed = hashlib.blake2b(f"{self._seed} {epoch}".encode(), digest_size=8).digest()
            self._drawn = list(range(self._rows))
            random.Random(int.from_bytes(seed, "big")).shuffle(self._drawn)
            self._epoch = epoch
        return self._drawn[at]
