"""Tell which files an adapter has read while it was trained."""

from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from gardener_core.errors import Damaged
from gardener_core.evaluation.split import SourceFile
from gardener_core.jobs.data.preparing import RUN_ROWS
from gardener_core.training.data.kept.folder import RowFolder
from gardener_core.training.data.near_copies import NearCopies

MOST_ROWS = 20_000
# The share of a file's windows that nearly stand in what was learned, from which it is left out.
MOST_COPIED = 0.1


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


def learned_paths(run: Path) -> frozenset[str] | None:
    """The files of the project that a run learned from; None where there is no record of them."""
    rows = RowFolder(run / RUN_ROWS)
    try:
        if not rows.exists():
            return None
        return frozenset(row.origin.path for row in rows.rows() if row.share != "replay")
    except Damaged:
        return None


def seen_by(run: Path) -> SeenFiles | None:
    """What the run that made an adapter learned from; None where there is no record of it."""
    rows = RowFolder(run / RUN_ROWS)
    paths: set[str] = set()
    foreign: set[str] = set()
    copies = NearCopies()
    try:
        if not rows.exists():
            return None
        for row in islice(rows.rows(), MOST_ROWS):
            if row.share == "replay":
                foreign.add(row.origin.path)
            else:
                paths.add(row.origin.path)
                copies.add("".join(part.text for part in row.segments if part.learned))
    except Damaged:
        return None
    return SeenFiles(frozenset(paths), frozenset(foreign), copies)
