"""A model that lies at a path."""

from pathlib import Path

from gardener_core.models.catalogue.entry import CatalogueEntry, FileSource, SourceKind
from gardener_core.models.sources.source import Delivered, SourceFailed, Transfer


class LocalFiles:
    """Files on this machine, used where they are."""

    kind: SourceKind = "file"

    def __init__(self, source: FileSource) -> None:
        self._paths = [Path(path).expanduser() for path in source.paths]
        self.where = source.where

    def fetch(self, entry: CatalogueEntry, box: Path) -> Transfer:
        """Nothing is copied."""
        for path in self._paths:
            if not path.is_absolute():
                raise SourceFailed(f"{path} is not a whole path.")
            if not path.is_file():
                raise SourceFailed(f"there is no file {path}.")
        yield from ()
        return tuple(
            Delivered(file, path.resolve(), False, str(path))
            for file, path in zip(entry.files, self._paths, strict=True)
        )
