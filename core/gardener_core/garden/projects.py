"""Add, find, rename, remove and repair projects."""

import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from gardener_core.errors import BadInput, ProjectBusy, Remedy
from gardener_core.garden.runs import Runs
from gardener_core.models.serving.kept_prefixes import delete_orphans, delete_prefixes
from gardener_core.store.garden.adapters import AdapterTable
from gardener_core.store.garden.project_folders import ProjectFolders
from gardener_core.store.garden.project_names import LONGEST_NAME, is_id, is_usable
from gardener_core.store.garden.projects import Project, ProjectTable, Removed
from gardener_core.system.lazy import load
from gardener_core.system.locks import locked_if_free
from gardener_core.system.places import Places, require_utf8

if TYPE_CHECKING:
    from gardener_core.upkeep.repair import Check
    from gardener_core.upkeep.repaired import Repaired

END_SECONDS = 30.0
POLL_SECONDS = 0.1


class Projects:
    """The projects of the garden."""

    def __init__(
        self,
        places: Places,
        table: ProjectTable,
        adapters: AdapterTable,
        runs: Runs,
        check: "Check",
    ) -> None:
        self._places = places
        self._table = table
        self._adapters = adapters
        self._folders = ProjectFolders(places, table)
        self._runs = runs
        self._check = check

    def add(self, path: Path, name: str | None = None) -> Project:
        """Register a folder; `Runs.survey` then counts its files, and may index them."""
        root = _usable_folder(path)
        return self._folders.add(_usable_name(name if name is not None else root.name), root)

    def all(self) -> list[Project]:
        """Every project, by name."""
        return self._table.all()

    def find(self, name: str) -> Project:
        """A project by its name or id."""
        return self._table.find(name)

    def overlapping(self, project: Project) -> list[Project]:
        """The projects whose folders lie above this one's or inside it: each has an index."""
        path = project.path
        return [
            other
            for other in self._table.all()
            if other.id != project.id
            and (path.is_relative_to(other.path) or other.path.is_relative_to(path))
        ]

    def rename(self, project: Project, name: str) -> Project:
        """Give a project another name."""
        return self._table.rename(project.id, _usable_name(name))

    def remove(self, project: Project) -> Removed:
        """Stop its runs and put it into the trash for seven days; the code is not touched."""
        self._end_runs(project)
        self._wait_for_writers(project)
        removed = self._folders.remove(project.id)
        delete_prefixes(self._places.prefixes, project.id)
        return removed

    def restore(self, name_or_id: str) -> Project:
        """Take a project out of the trash; of several with one name, the last one removed."""
        return self._folders.restore(self._table.find_trashed(name_or_id).id)

    def trashed(self) -> list[Removed]:
        """What can still be restored, the latest first."""
        return self._table.trashed()

    def unlisted(self) -> list[str]:
        """Projects whose folders are here though the list does not hold them; repair enters them.

        One whose folder does not tell its name is called by its id.
        """
        found = self._folders.unlisted()
        return [record.name if record else project_id for project_id, record in found.items()]

    def repair(self, project: Project) -> "Iterator[Repaired]":
        """Look at every part of a project, and mend what is not whole."""
        repaired: Iterator[Repaired] = load("gardener_core.upkeep.repair").repair_project(
            self._places, self._table, self._adapters, self._runs, self._check, project
        )
        return repaired

    def recover(self) -> None:
        """Finish interrupted moves and empty the trash of expired projects."""
        self._folders.recover()
        delete_orphans(self._places.prefixes, lambda name: self._places.project(name).is_dir())

    def _end_runs(self, project: Project) -> None:
        end = time.monotonic() + END_SECONDS
        # One that has written its last event still has to close what it wrote to.
        while live := [
            run for run in self._runs.all(project) if run.live or self._runs.has_process(run.id)
        ]:
            for run in live:
                self._runs.stop(run.id)
            if time.monotonic() > end:
                raise ProjectBusy(
                    f"A run of {project.name!r} does not end.",
                    remedy=Remedy("follow", live[0].id),
                )
            time.sleep(POLL_SECONDS)

    def _wait_for_writers(self, project: Project) -> None:
        """The index is written to under a lock, by another screen's engine too."""
        lock = self._places.write_lock(project.id)
        if not lock.exists():
            return
        with locked_if_free(lock, END_SECONDS) as is_free:
            if not is_free:
                raise ProjectBusy(
                    f"Another screen is writing to {project.name!r}.",
                    hint="Close the other screen, or try again in a moment.",
                )


def _usable_folder(path: Path) -> Path:
    require_utf8(str(path))
    try:
        root = path.expanduser().resolve(strict=True)
    except PermissionError:
        raise BadInput(f"{path} cannot be read.", hint="Check its permissions.") from None
    except (OSError, RuntimeError, ValueError):
        raise BadInput(f"{path} does not exist.", hint="Give the folder of a project.") from None
    require_utf8(str(root))
    if not root.is_dir():
        raise BadInput(f"{path} is not a folder.", hint="Give the folder of a project.")
    if not os.access(root, os.R_OK | os.X_OK):
        raise BadInput(f"{path} cannot be read.", hint="Check its permissions.")
    return root


def _usable_name(name: str) -> str:
    name = name.strip()
    if is_id(name):
        raise BadInput(
            f"{name!r} cannot be a project's name: it looks like a project's id.",
            hint="Choose another one: --name N",
        )
    if not is_usable(name):
        raise BadInput(
            f"{name!r} cannot be a project's name.",
            hint=f"Take 1 to {LONGEST_NAME} characters without / and control characters: --name N",
        )
    return name
