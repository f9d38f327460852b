"""What changed in a project since it was read."""

import os
from collections.abc import Iterable, Set
from dataclasses import dataclass
from pathlib import Path

from gardener_core.keeping.catalog import Catalog, KnownFile
from gardener_core.reading.files import list_files


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
    paths: frozenset[str]
    moved: tuple[Changed, ...]

    @property
    def gone(self) -> Set[str]:
        """Known files that are there no longer."""
        return self.known.keys() - self.paths

    def doubting(self, root: Path, doubtful: Set[str]) -> "Look":
        """The same without trust in what the catalog says of some files."""
        known = {path: file for path, file in self.known.items() if path not in doubtful}
        return Look(known, self.paths, tuple(_moved(root, self.paths, known)))


def look(root: Path, catalog: Catalog) -> Look:
    """Compare the folder with the catalog."""
    known, paths = catalog.files(), list_files(root)
    return Look(known, frozenset(paths), tuple(_moved(root, paths, known)))


def _moved(root: Path, paths: Iterable[str], known: dict[str, KnownFile]) -> list[Changed]:
    """Files to read again: a look at each file's size and time costs microseconds."""
    moved = []
    prefix = f"{root}/"
    for path in paths:
        try:
            found = os.stat(prefix + path)
        except OSError:  # gone since it was listed: the next refresh forgets it
            continue
        before = known.get(path)
        if before is None or (before.bytes, before.changed_ns) != (
            found.st_size,
            found.st_mtime_ns,
        ):
            moved.append(Changed(path, found.st_size, found.st_mtime_ns))
    return moved
