"""Move removed models into the trash and back."""

import contextlib
import os
import shutil
import time
from collections.abc import Iterator

from gardener_core.errors import BadInput, ModelMissing, Remedy
from gardener_core.models.record import read_record
from gardener_core.models.store import ModelStore
from gardener_core.store.garden.projects import TRASH_SECONDS
from gardener_core.system.files.atomic import make_folder
from gardener_core.system.places import Places

_MODEL = "model-"
_BYTES = "bytes"


class ModelTrash:
    """Removed models, for seven days; bytes that lie elsewhere are never touched.

    The folder moves first: killed in between, the bytes stay in place, and the next pull of the
    model takes them from there.
    """

    def __init__(self, places: Places, store: ModelStore) -> None:
        self._places = places
        self._store = store

    def remove(self, name: str) -> None:
        """Move a model's record or folder, and the bytes that are ours and only its.

        What was made from its weights is deleted, for it can be made again.
        """
        ours, derived = self._store.files_of(name), self._store.derived_of(name)
        trashed = self._places.trashed_model(name)
        make_folder(trashed.parent)
        shutil.rmtree(trashed, ignore_errors=True)  # an older one of the same name
        os.rename(self._store.folder / name, trashed)
        os.utime(trashed)  # its seven days in the trash begin
        for path in ours:
            if path.parent == self._places.model_files:
                os.rename(path, make_folder(trashed / _BYTES) / path.name)
        for path in derived:
            shutil.rmtree(path, ignore_errors=True)

    def restore(self, name: str) -> None:
        """Move a removed model back."""
        trashed = self._places.trashed_model(name)
        if name not in self.names():
            raise ModelMissing(
                f"No model {name!r} is in the trash.", remedy=Remedy("list all models")
            )
        if self._store.has(name):
            raise BadInput(f"There is a model {name!r} again.", hint="Remove that one first.")
        with contextlib.suppress(FileNotFoundError):
            for path in (trashed / _BYTES).iterdir():
                os.replace(path, make_folder(self._places.model_files) / path.name)
            (trashed / _BYTES).rmdir()
        os.rename(trashed, self._store.folder / name)

    def names(self) -> list[str]:
        """The models that can be restored."""
        return sorted(self._names())

    def recover(self, now: float | None = None) -> None:
        """Delete what has been in the trash for seven days."""
        current = time.time() if now is None else now
        for name in self._names():
            trashed = self._places.trashed_model(name)
            with contextlib.suppress(FileNotFoundError):
                if trashed.stat().st_mtime + TRASH_SECONDS < current:
                    shutil.rmtree(trashed, ignore_errors=True)

    def _names(self) -> Iterator[str]:
        with contextlib.suppress(FileNotFoundError, NotADirectoryError):
            for name in os.listdir(self._places.trash):
                if name.startswith(_MODEL) and self._is_model(name.removeprefix(_MODEL)):
                    yield name.removeprefix(_MODEL)

    def _is_model(self, name: str) -> bool:
        folder = self._places.trashed_model(name)
        if (folder / "config.json").is_file():
            return True
        with contextlib.suppress(OSError, ValueError, TypeError):
            return bool(read_record(folder).name)
        return False
