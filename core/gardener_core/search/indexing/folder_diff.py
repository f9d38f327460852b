"""What changed in a project since it was read."""

from collections.abc import Mapping, Set
from dataclasses import dataclass
from pathlib import Path

from gardener_core.code.files.listing import find_files
from gardener_core.code.files.walk import Stat
from gardener_core.events.parts import SkippedFile
from gardener_core.store.project.catalog import Catalog, KnownFile


@dataclass(frozen=True, slots=True)
class ChangedFile:
    """A file whose size or time differs from what the catalog knows."""

    path: str
    bytes: int
    changed_ns: int


@dataclass(frozen=True, slots=True)
class FolderDiff:
    """What the catalog knows beside what stands in the folder now.

    It costs a list and a stat a file; who holds the project's write lock takes it once.
    """

    known: dict[str, KnownFile]
    stats: Mapping[str, Stat]
    moved: tuple[ChangedFile, ...]
    unreadable: tuple[SkippedFile, ...] = ()

    @property
    def paths(self) -> Set[str]:
        """The files that are there."""
        return self.stats.keys()

    @property
    def gone(self) -> Set[str]:
        """Known files that are there no longer."""
        return self.known.keys() - self.paths

    def doubting(self, doubtful: Set[str]) -> "FolderDiff":
        """The same without trust in what the catalog says of some files."""
        known = {path: file for path, file in self.known.items() if path not in doubtful}
        return FolderDiff(known, self.stats, tuple(_moved(self.stats, known)), self.unreadable)


def compare_folder(root: Path, catalog: Catalog) -> FolderDiff:
    """Compare the folder with the catalog."""
    known, found = catalog.files(), find_files(root, stats=True)
    return FolderDiff(known, found.stats, tuple(_moved(found.stats, known)), found.unreadable)


def _moved(stats: Mapping[str, Stat], known: Mapping[str, KnownFile]) -> list[ChangedFile]:
    """Files to read again: their size or their time is another."""
    moved = []
    for path, now in stats.items():
        before = known.get(path)
        if before is None or (before.bytes, before.changed_ns) != (now.bytes, now.changed_ns):
            moved.append(ChangedFile(path, now.bytes, now.changed_ns))
    return moved
