"""Compare a folder with its catalog."""

from collections.abc import Mapping, Set
from dataclasses import dataclass
from pathlib import Path

from gardener_core.code.files.listing import find_files
from gardener_core.code.files.walk import Stat
from gardener_core.events.parts import SkippedFile
from gardener_core.store.project.catalog import Catalog, KnownFile


@dataclass(frozen=True, slots=True)
class ChangedFile:
    """A file whose size or time differs from the catalog."""

    path: str
    bytes: int
    changed_ns: int


@dataclass(frozen=True, slots=True)
class FolderDiff:
    """The files of the catalog and of the folder, and which differ.

    It costs a listing and a stat a file; whoever holds the project's write lock makes it once.
    """

    known: dict[str, KnownFile]
    stats: Mapping[str, Stat]
    changed: tuple[ChangedFile, ...]
    unreadable: tuple[SkippedFile, ...] = ()

    @property
    def paths(self) -> Set[str]:
        """The files in the folder."""
        return self.stats.keys()

    @property
    def gone(self) -> Set[str]:
        """Files of the catalog that are not in the folder."""
        return self.known.keys() - self.paths

    def doubting(self, doubtful: Set[str]) -> "FolderDiff":
        """The same, with some files of the catalog not trusted."""
        known = {path: file for path, file in self.known.items() if path not in doubtful}
        return FolderDiff(known, self.stats, tuple(_changed(self.stats, known)), self.unreadable)


def compare_folder(root: Path, catalog: Catalog) -> FolderDiff:
    """Compare the folder with the catalog."""
    known, found = catalog.files(), find_files(root, stats=True)
    return FolderDiff(known, found.stats, tuple(_changed(found.stats, known)), found.unreadable)


def _changed(stats: Mapping[str, Stat], known: Mapping[str, KnownFile]) -> list[ChangedFile]:
    """Files to read again: size or time differ."""
    changed = []
    for path, now in stats.items():
        before = known.get(path)
        if before is None or (before.bytes, before.changed_ns) != (now.bytes, now.changed_ns):
            changed.append(ChangedFile(path, now.bytes, now.changed_ns))
    return changed
