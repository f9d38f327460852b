"""Delete downloads that nobody went on with."""

import os
import shutil
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from gardener_core.store.garden.projects import TRASH_SECONDS
from gardener_core.system.locks import locked_if_free
from gardener_core.system.places import Places


def delete_unfinished(places: Places, now: float | None = None) -> None:
    """Delete what a pull had collected, seven days after it was last written to.

    Until then the next pull of the model goes on with it. One that is worked on is left alone.
    """
    current = time.time() if now is None else now
    for folder in _folders(places.all_incoming):
        if _last_written(folder) + TRASH_SECONDS < current:
            with locked_if_free(folder.with_name(f"{folder.name}.lock")) as is_free:
                if is_free:
                    shutil.rmtree(folder, ignore_errors=True)


def _folders(parent: Path) -> Iterator[Path]:
    with suppress(OSError), os.scandir(parent) as entries:  # it may be anything by now
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                yield Path(entry.path)


def _last_written(folder: Path) -> float:
    """When a download was last written to; now, where that cannot be told."""
    times = []
    with suppress(OSError), os.scandir(folder) as entries:
        times.append(folder.stat().st_mtime)
        times += [entry.stat(follow_symlinks=False).st_mtime for entry in entries]
    return max(times, default=time.time())
