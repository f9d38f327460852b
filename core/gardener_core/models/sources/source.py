"""What every source of models gives."""

import errno
import shutil
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from gardener_core.errors import DiskFull, GardenError
from gardener_core.models.catalogue.entry import CatalogueEntry, CatalogueFile, SourceKind
from gardener_core.system.numbers import size

MARGIN_BYTES = 200_000_000  # left free for runs, logs and databases
FULL = (errno.ENOSPC, errno.EDQUOT)


class SourceFailed(GardenError):
    """A source did not give the bytes; the next one may."""

    code = "source-failed"


@dataclass(frozen=True, slots=True)
class Transferred:
    """So many bytes are here; a total of 0 is unknown."""

    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Delivered:
    """A file that a source has given; one that is not ours is used where it lies.

    `origin` is the place for people, with the revision where there is one.
    """

    file: CatalogueFile
    path: Path
    ours: bool
    origin: str


Transfer = Generator[Transferred, None, tuple[Delivered, ...]]


class Fetcher(Protocol):
    """One way to get the files of an entry, into a folder or where they already are."""

    kind: SourceKind
    where: str

    def fetch(self, entry: CatalogueEntry, box: Path) -> Transfer:
        """Give the files; closed at any moment, it leaves only what it can go on from."""


def require_room(folder: Path, needed: int) -> None:
    """Refuse a transfer that the disk has no room for."""
    free = shutil.disk_usage(folder).free
    if needed + MARGIN_BYTES > free:
        raise DiskFull(
            f"{size(needed)} are needed on the disk of {folder}, and {size(MARGIN_BYTES)} have to "
            f"stay free; it has {size(free)}.",
            hint="Free some space there, or set GARDENER_HOME to a folder on another disk.",
        )
