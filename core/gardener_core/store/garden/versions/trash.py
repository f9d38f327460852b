"""Move removed versions into the trash and back."""

import contextlib
import os
import shutil
import time
from collections.abc import Iterator

from gardener_core.errors import AdapterMissing
from gardener_core.store.database import Database
from gardener_core.store.garden.adapters import Adapter, AdapterTable
from gardener_core.store.garden.projects import TRASH_SECONDS
from gardener_core.store.garden.versions.changes import AdapterChanges, RemovedAdapter
from gardener_core.system.files.atomic import make_folder
from gardener_core.system.files.faults import translated_os_errors
from gardener_core.system.places import Places, trashed_adapter

_ADAPTER = "adapter-"


class AdapterTrash:
    """Removes versions for seven days, row and folder as one.

    The row decides; a move that was interrupted is finished when the garden is opened again.
    """

    def __init__(self, places: Places, database: Database) -> None:
        self._places = places
        self._table = AdapterTable(database)
        self._changes = AdapterChanges(database)

    def remove(self, adapter: Adapter) -> RemovedAdapter:
        """Move a version into the trash."""
        with translated_os_errors(self._places.trash):
            removed = self._changes.remove(adapter)
            self._move_in(removed)
        return removed

    def restore(self, removed: RemovedAdapter) -> Adapter:
        """Move a version out of the trash."""
        trashed = trashed_adapter(self._places, removed.project, removed.version)
        with translated_os_errors(self._places.trash):
            if not trashed.is_dir():
                raise AdapterMissing(
                    f"The files of adapter {removed.version} are not in the trash any more.",
                    hint="Train a new one.",
                )
            os.rename(
                trashed, make_folder(self._places.adapters(removed.project)) / removed.version
            )
            return self._changes.restore(removed)

    def recover(self, now: float | None = None) -> None:
        """Finish interrupted moves, and delete what has been in the trash for seven days."""
        current = time.time() if now is None else now
        listed = self._changes.trashed()
        kept = set()
        for removed in listed:
            if removed.until < current:
                self._table.forget(removed.project, removed.version)
                continue
            self._move_in(removed)
            kept.add(trashed_adapter(self._places, removed.project, removed.version).name)
        for name in set(self._names()) - kept:
            folder = self._places.trash / name
            with contextlib.suppress(OSError):
                if folder.stat().st_mtime + TRASH_SECONDS < current:
                    shutil.rmtree(folder, ignore_errors=True)

    def _move_in(self, removed: RemovedAdapter) -> None:
        folder = self._places.adapters(removed.project) / removed.version
        with contextlib.suppress(FileNotFoundError, NotADirectoryError):
            os.utime(folder)  # its seven days in the trash begin
            make_folder(self._places.trash)
            os.rename(folder, trashed_adapter(self._places, removed.project, removed.version))

    def _names(self) -> Iterator[str]:
        with contextlib.suppress(FileNotFoundError, NotADirectoryError):
            yield from (n for n in os.listdir(self._places.trash) if n.startswith(_ADAPTER))
