"""Write rows into a folder, and pack them into sequences."""

import json
import random
from array import array
from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

import numpy as np

from gardener_core.store.manifest import write_manifest
from gardener_core.system.files.atomic import staging, swap_folder, write_whole
from gardener_core.training.data.kept.folder import (
    ITEMS,
    LEARNED,
    PACKED,
    REPORT,
    ROWS,
    TOKENS,
    DataItem,
    item_line,
    row_line,
)
from gardener_core.training.data.kept.report import DataReport
from gardener_core.training.data.kept.row import DataRow

SEED = 0


class RowWriter:
    """Writes rows aside; the folder appears whole, or not at all."""

    def __init__(self, target: Path) -> None:
        self._target = target
        self._new = staging(target)
        self._rows = (self._new / ROWS).open("wb")
        self._tokens = (self._new / TOKENS).open("wb")
        self.lengths: list[int] = []
        self.learned: Counter[str] = Counter()
        self.rows: Counter[str] = Counter()
        self.tokens: Counter[str] = Counter()

    def __enter__(self) -> "RowWriter":
        """Begin."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the files, however it ended."""
        self._rows.close()
        self._tokens.close()

    def write(self, row: DataRow, ids: Sequence[int]) -> None:
        """Add a row, whose segments have the ends of these tokens."""
        mask = [part.learned for part in row.segments for _ in part.ends]
        numbers = (number | (LEARNED if on else 0) for number, on in zip(ids, mask, strict=True))
        self._rows.write(row_line(row))
        self._tokens.write(np.fromiter(numbers, np.uint32, len(ids)).tobytes())
        self.lengths.append(len(ids))
        self.rows[row.share] += 1
        self.tokens[row.share] += len(ids)
        self.learned[row.share] += row.learned

    def pack(self, most: int) -> int:
        """Put rows together into sequences of at most so many tokens; how many there are."""
        starts = np.concatenate([[0], np.cumsum(self.lengths)]).tolist()
        sequences = pack(self.lengths, most)
        random.Random(SEED).shuffle(sequences)  # so that the shares come mixed
        flat = array("Q")
        for number, rows in enumerate(sequences):
            for row in rows:
                flat.extend((number, starts[row], self.lengths[row]))
        (self._new / PACKED).write_bytes(flat.tobytes())
        return len(sequences)

    def finish(self, report: DataReport, items: Sequence[DataItem]) -> None:
        """Put the folder in its place."""
        self._rows.close()
        self._tokens.close()
        with (self._new / ITEMS).open("wb") as file:
            file.writelines(map(item_line, items))
        write_whole(self._new / REPORT, json.dumps(report.to_json(), indent=1).encode())
        write_manifest(self._new)
        swap_folder(self._new, self._target)


def pack(lengths: Sequence[int], most: int) -> list[list[int]]:
    """Rows that stand together, none of them cut: the longest first, each where it fits best."""
    sequences: list[list[int]] = []
    room: list[tuple[int, int]] = []  # what is left in a sequence, sorted
    for row in sorted(range(len(lengths)), key=lambda row: (-lengths[row], row)):
        at = bisect_left(room, (lengths[row], 0))
        if at == len(room):
            sequences.append([row])
            insort(room, (most - lengths[row], len(sequences) - 1))
        else:
            left, number = room.pop(at)
            sequences[number].append(row)
            insort(room, (left - lengths[row], number))
    return sequences
