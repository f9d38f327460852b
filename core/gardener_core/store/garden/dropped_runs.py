"""Move dropped runs into the trash and back."""

import contextlib
import os
import shutil
import time

from gardener_core.errors import Remedy, RunMissing
from gardener_core.store.garden.projects import TRASH_SECONDS
from gardener_core.store.garden.runs import Run, RunTable
from gardener_core.system.files.atomic import make_folder
from gardener_core.system.places import Places

_DROPPED = "dropped-"


class RunFolders:
    """Drops runs and restores them.

    The folder moves first: if the process is killed in between, a row without a folder is left,
    and repair deletes it.
    """

    def __init__(self, places: Places, table: RunTable) -> None:
        self._places = places
        self._table = table

    def drop(self, run: Run) -> None:
        """Move a run that has ended into the trash."""
        make_folder(self._places.trash)
        trashed = self._places.trash / f"{_DROPPED}{run.id}"
        with contextlib.suppress(FileNotFoundError):
            os.rename(self._places.run(run.id), trashed)
            os.utime(trashed)  # its seven days in the trash begin
        self._table.forget(run.id)

    def delete(self, run_id: str) -> None:
        """Delete a run that has ended, for good."""
        shutil.rmtree(self._places.run(run_id), ignore_errors=True)
        self._table.forget(run_id)

    def restore(self, run_id: str) -> None:
        """Move the folder of a dropped run back; the caller enters its row."""
        if run_id not in self.dropped():
            raise RunMissing(
                f"No run {run_id!r} is in the trash.", remedy=Remedy("list dropped runs")
            )
        make_folder(self._places.runs)
        os.rename(self._places.trash / f"{_DROPPED}{run_id}", self._places.run(run_id))

    def dropped(self) -> list[str]:
        """The runs that can be restored, oldest first."""
        try:
            names = os.listdir(self._places.trash)
        except (FileNotFoundError, NotADirectoryError):
            return []
        return sorted(name.removeprefix(_DROPPED) for name in names if name.startswith(_DROPPED))

    def recover(self, now: float | None = None) -> None:
        """Delete what has been in the trash for seven days."""
        current = time.time() if now is None else now
        for run_id in self.dropped():
            folder = self._places.trash / f"{_DROPPED}{run_id}"
            with contextlib.suppress(FileNotFoundError):
                if folder.stat().st_mtime + TRASH_SECONDS < current:
                    shutil.rmtree(folder, ignore_errors=True)
