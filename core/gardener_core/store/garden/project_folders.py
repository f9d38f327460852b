"""Keep projects' folders in step with rows."""

import contextlib
import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

from gardener_core.errors import Damaged
from gardener_core.store.garden.project_names import is_id, is_usable
from gardener_core.store.garden.project_record import ProjectRecord, read_record
from gardener_core.store.garden.projects import (
    TRASH_SECONDS,
    Project,
    ProjectTable,
    Removed,
    new_id,
)
from gardener_core.system.files.atomic import make_folder
from gardener_core.system.files.faults import translated_os_errors
from gardener_core.system.locks import locked
from gardener_core.system.places import Places


class ProjectFolders:
    """Adds, removes and restores projects, row and folder as one.

    The row decides, in one transaction. Its folder is moved before or after, and the next process
    to open the garden finishes an interrupted move: killed at any point, the old state or the new
    one results.
    """

    def __init__(self, places: Places, table: ProjectTable) -> None:
        self._places = places
        self._table = table

    def add(self, name: str, path: Path) -> Project:
        """Register a folder of code and create the project's own folder."""
        project_id = new_id()
        with self._lock():
            make_folder(self._places.project(project_id))
            return self._table.insert(name, path, project_id)

    def remove(self, project_id: str) -> Removed:
        """Move a project and its folder into the trash."""
        with self._lock():
            removed = self._table.remove(project_id)
            self._move_to_trash(project_id)
        return removed

    def restore(self, project_id: str) -> Project:
        """Move a project and its folder out of the trash."""
        with self._lock():
            self._move_from_trash(project_id)
            return self._table.restore(project_id)

    def unlisted(self) -> dict[str, ProjectRecord | None]:
        """Folders without a row: their ids and the records in them."""
        listed = {project.id for project in self._table.all()}
        listed |= {item.id for item in self._table.trashed()}
        records: dict[str, ProjectRecord | None] = {}
        for name in sorted(_names(self._places.projects) - listed):
            folder = self._places.project(name)
            if not name.startswith(".") and folder.is_dir():
                records[name] = self.record_of(folder)
        return records

    def record_of(self, folder: Path) -> ProjectRecord | None:
        """The record in a folder; none in a copy of another project's folder."""
        try:
            record = read_record(self._places.record_in(folder))
        except Damaged:
            return None
        return record if record.id == folder.name and is_id(record.id) else None

    def reenter(self, record: ProjectRecord) -> str:
        """Recreate a folder's row under its name or the next free one; the name."""
        taken = {name for each in self._table.all() for name in (each.name, each.id)}
        preferred = record.name if is_usable(record.name) else "project"
        names = (preferred, *(f"{preferred}-{number}" for number in range(2, len(taken) + 3)))
        name = next(each for each in names if each not in taken)
        with self._lock():
            self._table.reenter(record, name)
        return name

    def recover(self, now: float | None = None) -> None:
        """Finish interrupted moves and delete what has expired in the trash."""
        current = time.time() if now is None else now
        with self._lock():
            removed = {item.id: item for item in self._table.trashed()}
            for project_id in _names(self._places.projects) & removed.keys():
                self._move_to_trash(project_id)
            for item in removed.values():
                if item.until < current:
                    self._table.forget(item.id)
            self._recover_trash(removed, current)
            self._recover_projects()
            self._table.keep_records()

    def _recover_trash(self, removed: dict[str, Removed], now: float) -> None:
        kept = {project_id for project_id, item in removed.items() if item.until >= now}
        active = {project.id for project in self._table.all()}
        for project_id in _names(self._places.trash) - kept:
            if project_id in active:
                self._move_from_trash(project_id)
            elif is_id(project_id) and self._has_expired(project_id, now):
                shutil.rmtree(self._places.trashed(project_id), ignore_errors=True)

    def _has_expired(self, project_id: str, now: float) -> bool:
        """Whether its time in the trash is over, by its own record."""
        folder = self._places.trashed(project_id)
        try:
            until = read_record(self._places.record_in(folder)).until
        except Damaged:
            until = folder.stat().st_mtime + TRASH_SECONDS
        return until is not None and until < now

    def _recover_projects(self) -> None:
        """Remove empty folders without a row, and create those that are missing."""
        active = {project.id for project in self._table.all()}
        for unlisted in _names(self._places.projects) - active:
            with contextlib.suppress(OSError):  # not empty: repair decides about it
                self._places.project(unlisted).rmdir()
        for project_id in active:
            make_folder(self._places.project(project_id))

    def _move_to_trash(self, project_id: str) -> None:
        folder = self._places.project(project_id)
        if folder.exists():
            make_folder(self._places.trash)
            os.rename(folder, self._places.trashed(project_id))

    def _move_from_trash(self, project_id: str) -> None:
        folder, trashed = self._places.project(project_id), self._places.trashed(project_id)
        if trashed.exists():
            with contextlib.suppress(FileNotFoundError):
                folder.rmdir()  # an empty one that was created in its place
            make_folder(folder.parent)
            os.rename(trashed, folder)

    @contextlib.contextmanager
    def _lock(self) -> Iterator[None]:
        with translated_os_errors(self._places.projects_lock):
            make_folder(self._places.data)
            with locked(self._places.projects_lock):
                yield


def _names(folder: Path) -> set[str]:
    try:
        return set(os.listdir(folder))
    except (FileNotFoundError, NotADirectoryError):
        return set()
