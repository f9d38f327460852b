"""The projects, as the faces see them."""

import os
import time
from pathlib import Path

from gardener_core.atomic import make_folder
from gardener_core.errors import BadInput, ProjectBusy
from gardener_core.garden.runs import Runs
from gardener_core.keeping.projects import Project, ProjectTable
from gardener_core.keeping.runs import RunTable
from gardener_core.places import Places
from gardener_core.plain import is_safe
from gardener_core.reading.survey import survey

LONGEST_NAME = 80
END_SECONDS = 30.0
POLL_SECONDS = 0.1


class Projects:
    """Add, find and remove projects."""

    def __init__(
        self, places: Places, table: ProjectTable, run_table: RunTable, runs: Runs
    ) -> None:
        self._places = places
        self._table = table
        self._run_table = run_table
        self._runs = runs

    def add(self, path: Path, name: str | None = None) -> Project:
        """Register a folder and survey it; nothing is indexed yet."""
        root = _usable_folder(path)
        chosen = _usable_name(name if name is not None else root.name)
        counted = survey(root)
        project = self._table.insert(chosen, root)
        self._table.set_survey(project.id, counted.files, counted.languages)
        make_folder(self._places.project(project.id))
        return self._table.get(project.id)

    def all(self) -> list[Project]:
        """Every project, by name."""
        return self._table.all()

    def find(self, name: str) -> Project:
        """A project by its name or id."""
        return self._table.find(name)

    def remove(self, project: Project) -> None:
        """Stop its runs, forget it, and move its folder to the trash; the code is not touched."""
        self._end_runs(project)
        trash = make_folder(self._places.trash) / f"{int(time.time())}-{project.id}"
        folder = self._places.project(project.id)
        self._table.delete(project.id)
        self._run_table.delete_of_project(project.id)
        if folder.exists():
            os.rename(folder, trash)

    def _end_runs(self, project: Project) -> None:
        end = time.monotonic() + END_SECONDS
        while live := [run for run in self._runs.all(project) if run.live]:
            for run in live:
                self._runs.stop(run.id)
            if time.monotonic() > end:
                raise ProjectBusy(
                    f"A run of {project.name!r} does not end.",
                    hint=f"Run: gardener follow {live[0].id}",
                )
            time.sleep(POLL_SECONDS)


def _usable_folder(path: Path) -> Path:
    try:
        root = path.expanduser().resolve(strict=True)
    except (OSError, RuntimeError):
        raise BadInput(f"{path} does not exist.", hint="Give the folder of a project.") from None
    if not root.is_dir():
        raise BadInput(f"{path} is not a folder.", hint="Give the folder of a project.")
    if not os.access(root, os.R_OK | os.X_OK):
        raise BadInput(f"{path} cannot be read.", hint="Check its permissions.")
    return root


def _usable_name(name: str) -> str:
    name = name.strip()
    bad = not name or len(name) > LONGEST_NAME or not is_safe(name) or "\n" in name or "\t" in name
    if bad or "/" in name or name in (".", ".."):
        raise BadInput(
            f"{name!r} cannot be a project's name.",
            hint=f"Take 1 to {LONGEST_NAME} characters without / and control characters: --name N",
        )
    return name
