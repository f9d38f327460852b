"""What changed in a project since it was read."""

from collections.abc import Mapping, Set
from dataclasses import dataclass
from pathlib import Path

from gardener_core.events import SkippedFile
from gardener_core.keeping.catalog import Catalog, KnownFile
from gardener_core.reading.files import find_files
from gardener_core.reading.walking import Stat


@dataclass(frozen=True, slots=True)
class Changed:
    """A file whose size or time differs from what the catalog knows."""

    path: str
    bytes: int
    changed_ns: int


@dataclass(frozen=True, slots=True)
class Look:
    """What the catalog knows beside what stands in the folder now.

    It costs a list and a stat a file; who holds the project's write lock takes it once.
    """

    known: dict[str, KnownFile]
    stats: Mapping[str, Stat]
    moved: tuple[Changed, ...]
    unreadable: tuple[SkippedFile, ...] = ()

    @property
    def paths(self) -> Set[str]:
        """The files that are there."""
        return self.stats.keys()

    @property
    def gone(self) -> Set[str]:
        """Known files that are there no longer."""
        return self.known.keys() - self.paths

    def doubting(self, doubtful: Set[str]) -> "Look":
        """The same without trust in what the catalog says of some files."""
        known = {path: file for path, file in self.known.items() if path not in doubtful}
        return Look(known, self.stats, tuple(_moved(self.stats, known)), self.unreadable)


def look(root: Path, catalog: Catalog) -> Look:
    """Compare the folder with the catalog."""
    known, found = catalog.files(), find_files(root, stats=True)
    return Look(known, found.stats, tuple(_moved(found.stats, known)), found.unreadable)


def _moved(stats: Mapping[str, Stat], known: Mapping[str, KnownFile]) -> list[Changed]:
    """Files to read again: their size or their time is another."""
    moved = []
    for path, now in stats.items():
        before = known.get(path)
        if before is None or (before.bytes, before.changed_ns) != (now.bytes, now.changed_ns):
            moved.append(Changed(path, now.bytes, now.changed_ns))
    return moved
