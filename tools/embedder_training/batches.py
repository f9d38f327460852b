"""Draw the batches of training pairs."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

Picked = NDArray[np.int64]


class Batches:
    """Half of the batches are drawn from all pairs, half consist of blocks of one package.

    Pairs of one package are harder to tell apart, and that is what search has to do.
    """

    def __init__(self, packages: Sequence[str], batch: int, block: int, seed: int) -> None:
        self._names, self._package_of = np.unique(np.array(packages), return_inverse=True)
        self._batch = min(batch, len(packages))
        self._block = block
        self._chance = np.random.default_rng(seed)
        self._in_blocks = len(packages) // self._batch // 2 * self._batch
        self.an_epoch = len(packages) // self._batch

    def of_epochs(self, epochs: int) -> Iterator[Picked]:
        """The batches of all epochs, each a list of positions."""
        for _ in range(epochs):
            order = self._chance.permutation(len(self._package_of))
            blocks, free = order[: self._in_blocks], order[self._in_blocks :]
            batches = [*self._cut(self._gathered(blocks)), *self._cut(free)]
            for at in self._chance.permutation(len(batches)):
                yield batches[at]

    def _gathered(self, positions: Picked) -> Picked:
        """The positions grouped into blocks of one package, blocks shuffled."""
        blocks: list[Picked] = []
        for package in range(len(self._names)):
            own = positions[self._package_of[positions] == package]
            blocks += [own[at : at + self._block] for at in range(0, len(own), self._block)]
        mixed = [blocks[at] for at in self._chance.permutation(len(blocks))]
        return np.concatenate(mixed) if mixed else positions

    def _cut(self, positions: Picked) -> list[Picked]:
        last = len(positions) - self._batch + 1
        return [positions[at : at + self._batch] for at in range(0, last, self._batch)]
