"""The folders of projects follow what the table says."""

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
from gardener_core.system.files.faults import explained
from gardener_core.system.locks import locked
from gardener_core.system.places import Places


class ProjectFolders:
    """Adds, removes and restores projects, row and folder as one.

    The row decides, in one transaction. A folder is moved before or after it, and whoever opens
    the garden next finishes a move that was cut off: killed at any point, what remains is the old
    state or the new one.
    """

    def __init__(self, places: Places, table: ProjectTable) -> None:
        self._places = places
        self._table = table

    def add(self, name: str, path: Path) -> Project:
        """Register a folder of code and make the project's own."""
        project_id = new_id()
        with self._lock():
            make_folder(self._places.project(project_id))
            return self._table.insert(name, path, project_id)

    def remove(self, project_id: str) -> Removed:
        """Put a project and its folder into the trash."""
        with self._lock():
            removed = self._table.remove(project_id)
            self._put_away(project_id)
        return removed

    def restore(self, project_id: str) -> Project:
        """Take a project and its folder out of the trash."""
        with self._lock():
            self._take_back(project_id)
            return self._table.restore(project_id)

    def unlisted(self) -> dict[str, ProjectRecord | None]:
        """Folders that hold something and have no row: their ids, and what they tell."""
        known = {project.id for project in self._table.all()}
        known |= {item.id for item in self._table.trashed()}
        found: dict[str, ProjectRecord | None] = {}
        for name in sorted(_names(self._places.projects) - known):
            folder = self._places.project(name)
            if not name.startswith(".") and folder.is_dir():
                found[name] = self.told_by(folder)
        return found

    def told_by(self, folder: Path) -> ProjectRecord | None:
        """What a folder tells of its project; a copy of another's folder tells nothing."""
        try:
            record = read_record(self._places.record_in(folder))
        except Damaged:
            return None
        return record if record.id == folder.name and is_id(record.id) else None

    def enter_again(self, record: ProjectRecord) -> str:
        """Give a folder its row back, under its name or the next that is free; the name."""
        taken = {name for each in self._table.all() for name in (each.name, each.id)}
        wanted = record.name if is_usable(record.name) else "project"
        names = (wanted, *(f"{wanted}-{number}" for number in range(2, len(taken) + 3)))
        name = next(each for each in names if each not in taken)
        with self._lock():
            self._table.enter_again(record, name)
        return name

    def settle(self, now: float | None = None) -> None:
        """Finish what was cut off, and let go what has been in the trash for its time."""
        present = time.time() if now is None else now
        with self._lock():
            removed = {item.id: item for item in self._table.trashed()}
            for project_id in _names(self._places.projects) & removed.keys():
                self._put_away(project_id)
            for item in removed.values():
                if item.until < present:
                    self._table.forget(item.id)
            self._settle_trash(removed, present)
            self._settle_projects()
            self._table.keep_records()

    def _settle_trash(self, removed: dict[str, Removed], now: float) -> None:
        kept = {project_id for project_id, item in removed.items() if item.until >= now}
        active = {project.id for project in self._table.all()}
        for project_id in _names(self._places.trash) - kept:
            if project_id in active:
                self._take_back(project_id)
            elif is_id(project_id) and self._is_over(project_id, now):
                shutil.rmtree(self._places.trashed(project_id), ignore_errors=True)

    def _is_over(self, project_id: str, now: float) -> bool:
        """Whether nobody can want it back; the row may be what was lost, and repair enters it."""
        folder = self._places.trashed(project_id)
        try:
            until = read_record(self._places.record_in(folder)).until
        except Damaged:
            until = folder.stat().st_mtime + TRASH_SECONDS
        return until is not None and until < now

    def _settle_projects(self) -> None:
        """An empty folder without a row was to become a project; one that is missing is made."""
        active = {project.id for project in self._table.all()}
        for orphan in _names(self._places.projects) - active:
            with contextlib.suppress(OSError):  # not empty: what it holds is for repair to judge
                self._places.project(orphan).rmdir()
        for project_id in active:
            make_folder(self._places.project(project_id))

    def _put_away(self, project_id: str) -> None:
        folder = self._places.project(project_id)
        if folder.exists():
            make_folder(self._places.trash)
            os.rename(folder, self._places.trashed(project_id))

    def _take_back(self, project_id: str) -> None:
        folder, trashed = self._places.project(project_id), self._places.trashed(project_id)
        if trashed.exists():
            with contextlib.suppress(FileNotFoundError):
                folder.rmdir()  # an empty one that was made in its place
            make_folder(folder.parent)
            os.rename(trashed, folder)

    @contextlib.contextmanager
    def _lock(self) -> Iterator[None]:
        with explained(self._places.projects_lock):
            make_folder(self._places.data)
            with locked(self._places.projects_lock):
                yield


def _names(folder: Path) -> set[str]:
    try:
        return set(os.listdir(folder))
    except (FileNotFoundError, NotADirectoryError):
        return set()
