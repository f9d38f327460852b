"""The packed rows of a folder, read as they are needed."""

from collections.abc import Sequence
from pathlib import Path
from typing import overload

import numpy as np
import torch

from gardener_core.training.data.kept.folder import LEARNED, PACKED, TOKENS
from gardener_core.training.rows import TrainingRow


class PackedRows(Sequence[TrainingRow]):
    """Training rows in a file; only the one that is asked for is in memory."""

    def __init__(self, folder: Path) -> None:
        parts = np.fromfile(folder / PACKED, np.uint64).astype(np.int64).reshape(-1, 3)
        self._parts = parts[:, 1:]
        # The parts of a sequence stand one after the other.
        self._first = np.flatnonzero(np.diff(parts[:, 0], prepend=-1))
        self._tokens = np.memmap(folder / TOKENS, np.uint32, "r")

    def __len__(self) -> int:
        """How many there are."""
        return len(self._first)

    @overload
    def __getitem__(self, at: int) -> TrainingRow: ...
    @overload
    def __getitem__(self, at: slice) -> list[TrainingRow]: ...
    def __getitem__(self, at: int | slice) -> TrainingRow | list[TrainingRow]:
        """One row, or several."""
        if isinstance(at, slice):
            return [self[number] for number in range(*at.indices(len(self)))]
        if at < 0:
            at += len(self)
        if not 0 <= at < len(self):
            raise IndexError(at)
        last = self._first[at + 1] if at + 1 < len(self._first) else len(self._parts)
        parts = self._parts[self._first[at] : last]
        words = np.concatenate([self._tokens[start : start + size] for start, size in parts])
        positions = np.concatenate([np.arange(size) for _, size in parts])
        return TrainingRow(
            tokens=torch.from_numpy((words & (LEARNED - 1)).astype(np.int64)),
            learned=torch.from_numpy((words & LEARNED) != 0),
            positions=torch.from_numpy(positions.astype(np.int64)),
        )
