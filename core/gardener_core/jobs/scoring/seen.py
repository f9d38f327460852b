"""Tell which files an adapter has read while it was trained."""

from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from gardener_core.errors import Damaged
from gardener_core.evaluation.split import SourceFile
from gardener_core.jobs.data.preparing import RUN_ROWS
from gardener_core.training.data.kept.folder import RowFolder
from gardener_core.training.data.near_copies import NearCopies
from gardener_core.training.retraining.learned import read_learned

MOST_ROWS = 20_000
# The share of a file's windows that nearly stand in what was learned, from which it is left out.
MOST_COPIED = 0.1
_NONE: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class SeenFiles:
    """The paths whose text was learned, the foreign ones, and all text of the project's rows."""

    paths: frozenset[str]
    foreign: frozenset[str]
    copies: NearCopies

    def has(self, file: SourceFile) -> bool:
        """Whether this very file was learned from."""
        return file.path in self.paths

    def has_copied(self, file: SourceFile) -> bool:
        """Whether much of a file nearly stands in what was learned."""
        return self.copies.share_held(file.text) >= MOST_COPIED


def learned_paths(run: Path, adapter: Path) -> frozenset[str] | None:
    """The files that an adapter learned from, in its own run and in those that it goes on from.

    None where there is no record of them.
    """
    of_run, kept = _paths_of_run(run), _paths_kept(adapter)
    return None if of_run is None and kept is None else (of_run or _NONE) | (kept or _NONE)


def _paths_kept(adapter: Path) -> frozenset[str] | None:
    """By the record beside the adapter, which an update goes on with."""
    learned = read_learned(adapter)
    if learned is None:
        return None
    return frozenset(
        path
        for path, file in learned.files.items()
        if any(piece.state == "read" for piece in file.pieces)
    )


def _paths_of_run(run: Path) -> frozenset[str] | None:
    rows = RowFolder(run / RUN_ROWS)
    try:
        if not rows.exists():
            return None
        return frozenset(row.origin.path for row in rows.rows() if row.share != "replay")
    except Damaged:
        return None


def seen_by(run: Path, adapter: Path) -> SeenFiles | None:
    """What an adapter learned from; None where there is no record of it."""
    rows = RowFolder(run / RUN_ROWS)
    kept = _paths_kept(adapter)
    paths = set(kept or _NONE)
    foreign: set[str] = set()
    copies = NearCopies()
    try:
        is_there = rows.exists()
        if not is_there and kept is None:
            return None
        for row in islice(rows.rows() if is_there else (), MOST_ROWS):
            if row.share == "replay":
                foreign.add(row.origin.path)
            else:
                paths.add(row.origin.path)
                copies.add("".join(part.text for part in row.segments if part.learned))
    except Damaged:
        return None
    return SeenFiles(frozenset(paths), frozenset(foreign), copies)
