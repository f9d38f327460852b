"""Folders without a row and rows without a folder."""

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
from gardener_core.store.garden.conversations import ConversationTable
from gardener_core.store.garden.project_folders import ProjectFolders
from gardener_core.store.garden.project_names import is_usable
from gardener_core.store.garden.project_record import ProjectRecord
from gardener_core.store.garden.projects import ProjectTable
from gardener_core.store.garden.runs import Run, RunTable
from gardener_core.system.files.atomic import make_folder
from gardener_core.system.places import Places
from gardener_core.upkeep.repaired import Repaired

CONVERSATIONS_LOST = "Its conversations were kept in the list alone, and are lost."
Kind = Literal["project folder", "removed project", "run folder", "run", "adapter"]


@dataclass(frozen=True, slots=True)
class Orphan:
    """One half whose other half is missing."""

    kind: Kind
    name: str


class Orphans:
    """Finds halves, and mends them."""

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
        """Every half."""
        return list(self._found())

    def mend(self) -> Iterator[Repaired]:
        """Enter projects and runs that are folders, forget rows that are nothing.

        Folders that tell nothing are put away.
        """
        for orphan in self.all():
            match orphan.kind:
                case "run folder":
                    yield self._enter_run(self._places.run(orphan.name))
                case "run":
                    self._runs.forget(orphan.name)
                    yield Repaired(f"run {orphan.name}", "Its folder is gone.", "Forgot it.")
                case "project folder":
                    yield self._enter_project(self._places.project(orphan.name))
                case "removed project":
                    yield self._enter_project(self._places.trashed(orphan.name))
                case "adapter":
                    project, _, version = orphan.name.partition(" ")
                    self._adapters.forget(project, version)
                    yield Repaired(f"adapter {version}", "Its files are gone.", "Forgot it.")

    def _found(self) -> Iterator[Orphan]:
        kept = {project.id for project in self._projects.all()}
        kept |= {removed.id for removed in self._projects.trashed()}
        for name in sorted(_names(self._places.projects) - kept):
            yield Orphan("project folder", name)
        for name in sorted(_names(self._places.trash) - kept):
            if self._folders.told_by(self._places.trashed(name)):
                yield Orphan("removed project", name)
        known, folders = set(self._runs.ids()), _names(self._places.runs)
        for name in sorted(folders - known):
            yield Orphan("run folder", name)
        for name in sorted(known - folders):
            yield Orphan("run", name)
        for project in self._projects.all():
            folder = self._places.adapters(project.id)
            for adapter in self._adapters.of_project(project.id):
                if not _stands(folder / adapter.version):
                    yield Orphan("adapter", f"{project.id} {adapter.version}")

    def _enter_run(self, folder: Path) -> Repaired:
        """The list of runs is a cache: what was asked and what became of it stand in the folder."""
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
        """Make the row again from what the folder tells; what is not in it is said to be lost."""
        record = self._folders.told_by(folder)
        if record is None:
            return self._put_away(folder, "It does not tell which project it belongs to.")
        other = next((each for each in self._projects.all() if str(each.path) == record.path), None)
        if other and record.until is None:
            said = f"It tells of {record.path}, which is the project {other.name!r} now."
            return self._put_away(folder, said)
        name = self._folders.enter_again(record)
        done = f"Entered it again as {name!r}{_where(record)}."
        lost = "" if self._conversations.of_project(record.id) else f" {CONVERSATIONS_LOST}"
        return Repaired(f"project {name}", "It was not in the list.", done + lost)

    def _put_away(self, folder: Path, why: str) -> Repaired:
        versions = sorted(path.name for path in folder.glob("adapters/[!.]*") if path.is_dir())
        holds = f" It holds adapters: {', '.join(versions)}." if versions else ""
        self._move_to_trash(folder, f"folder-{folder.name}")
        found = f"A folder without a project. {why}"
        done = f"Moved it to {self._places.trash}, where it stays.{holds}"
        return Repaired(f"folder {folder.name}", found, done)

    def _move_to_trash(self, folder: Path, name: str) -> None:
        make_folder(self._places.trash)
        os.rename(folder, self._places.trash / f"{name}-{time.time_ns()}")


def _where(record: ProjectRecord) -> str:
    return ", in the trash" if record.until is not None else ""


def _stands(folder: Path) -> bool:
    return folder.is_dir() or folder.with_name(f".{folder.name}.old").is_dir()


def _names(folder: Path) -> set[str]:
    with contextlib.suppress(FileNotFoundError, NotADirectoryError):
        return {name for name in os.listdir(folder) if not name.startswith(".")}
    return set()
