"""Repair folders and rows without each other."""

import contextlib
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from gardener_core.errors import Damaged
from gardener_core.jobs.folder import is_alive
from gardener_core.jobs.follow import current_run
from gardener_core.jobs.spec import read_spec
from gardener_core.store.garden.adapters import AdapterTable
from gardener_core.store.garden.chats.conversations import ConversationTable
from gardener_core.store.garden.project_folders import ProjectFolders
from gardener_core.store.garden.project_names import is_usable
from gardener_core.store.garden.project_record import ProjectRecord
from gardener_core.store.garden.projects import ProjectTable
from gardener_core.store.garden.runs import Run, RunTable
from gardener_core.system.files.atomic import make_folder
from gardener_core.system.places import Places
from gardener_core.upkeep.repaired import Repaired

FORGOTTEN = "Removed it from the list."
CONVERSATIONS_LOST = "Its conversations were stored in the list alone and are lost."
Kind = Literal["project folder", "removed project", "run folder", "run", "adapter"]


@dataclass(frozen=True, slots=True)
class Orphan:
    """A folder without its row, or a row without its folder."""

    kind: Kind
    name: str


class Orphans:
    """Finds orphans and repairs them."""

    def __init__(
        self,
        places: Places,
        projects: ProjectTable,
        runs: RunTable,
        adapters: AdapterTable,
        conversations: ConversationTable,
    ) -> None:
        self._places = places
        self._projects = projects
        self._folders = ProjectFolders(places, projects)
        self._conversations = conversations
        self._runs = runs
        self._adapters = adapters

    def all(self) -> list[Orphan]:
        """Every orphan."""
        return list(self._find())

    def repair(self) -> Iterator[Repaired]:
        """Enter the rows of folders and delete rows without a folder.

        Folders of unknown content are moved to the trash.
        """
        for orphan in self.all():
            match orphan.kind:
                case "run folder":
                    yield self._enter_run(self._places.run(orphan.name))
                case "run":
                    self._runs.forget(orphan.name)
                    yield Repaired(f"run {orphan.name}", "Its folder is gone.", FORGOTTEN)
                case "project folder":
                    yield self._enter_project(self._places.project(orphan.name))
                case "removed project":
                    yield self._enter_project(self._places.trashed(orphan.name))
                case "adapter":
                    project, _, version = orphan.name.partition(" ")
                    self._adapters.forget(project, version)
                    yield Repaired(f"adapter {version}", "Its files are gone.", FORGOTTEN)

    def _find(self) -> Iterator[Orphan]:
        listed = {project.id for project in self._projects.all()}
        listed |= {removed.id for removed in self._projects.trashed()}
        for name in sorted(_names(self._places.projects) - listed):
            yield Orphan("project folder", name)
        for name in sorted(_names(self._places.trash) - listed):
            if self._folders.record_of(self._places.trashed(name)):
                yield Orphan("removed project", name)
        known, folders = set(self._runs.ids()), _names(self._places.runs)
        for name in sorted(folders - known):
            yield Orphan("run folder", name)
        for name in sorted(known - folders):
            yield Orphan("run", name)
        for project in self._projects.all():
            folder = self._places.adapters(project.id)
            for adapter in self._adapters.of_project(project.id):
                if not _exists(folder / adapter.version):
                    yield Orphan("adapter", f"{project.id} {adapter.version}")

    def _enter_run(self, folder: Path) -> Repaired:
        """Enter a run from its folder, which has its spec and its events."""
        part = f"run {folder.name}"
        try:
            if not is_usable(folder.name):
                raise Damaged(f"{folder.name!r} cannot be a run's name.")
            spec = read_spec(folder)
        except Damaged as problem:
            if is_alive(folder):
                return Repaired(part, problem.what, "")
            self._move_to_trash(folder, f"run-{folder.name}")
            return Repaired(part, problem.what, f"Moved it to {self._places.trash}.")
        run = current_run(
            folder, Run(folder.name, spec.kind, spec.project, spec.created, "starting")
        )
        self._runs.keep(run)
        return Repaired(part, "It was not in the list.", f"Entered it: {run.state}.")

    def _enter_project(self, folder: Path) -> Repaired:
        """Recreate a project's row from the record in its folder."""
        record = self._folders.record_of(folder)
        if record is None:
            return self._set_aside(folder, "It does not show which project it belongs to.")
        other = next((each for each in self._projects.all() if str(each.path) == record.path), None)
        if other and record.until is None:
            reason = f"It is of {record.path}, which is now the project {other.name!r}."
            return self._set_aside(folder, reason)
        name = self._folders.reenter(record)
        done = f"Entered it again as {name!r}{_where(record)}."
        lost = "" if self._conversations.of_project(record.id) else f" {CONVERSATIONS_LOST}"
        return Repaired(f"project {name}", "It was not in the list.", done + lost)

    def _set_aside(self, folder: Path, reason: str) -> Repaired:
        versions = sorted(path.name for path in folder.glob("adapters/[!.]*") if path.is_dir())
        holds = f" It contains adapters: {', '.join(versions)}." if versions else ""
        self._move_to_trash(folder, f"folder-{folder.name}")
        found = f"A folder without a project. {reason}"
        done = f"Moved it to {self._places.trash}, where it is kept.{holds}"
        return Repaired(f"folder {folder.name}", found, done)

    def _move_to_trash(self, folder: Path, name: str) -> None:
        make_folder(self._places.trash)
        os.rename(folder, self._places.trash / f"{name}-{time.time_ns()}")


def _where(record: ProjectRecord) -> str:
    return ", in the trash" if record.until is not None else ""


def _exists(folder: Path) -> bool:
    return folder.is_dir() or folder.with_name(f".{folder.name}.old").is_dir()


def _names(folder: Path) -> set[str]:
    with contextlib.suppress(FileNotFoundError, NotADirectoryError):
        return {name for name in os.listdir(folder) if not name.startswith(".")}
    return set()
