"""Check and repair every part of a project."""

import contextlib
import os
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Protocol

from gardener_core.errors import Damaged, Remedy
from gardener_core.events.index import TableChecked
from gardener_core.store.database import Database
from gardener_core.store.garden.adapters import AdapterTable
from gardener_core.store.garden.projects import Project, ProjectTable
from gardener_core.store.garden.runs import Run
from gardener_core.store.garden.salvage import salvage
from gardener_core.store.migrations.project import PROJECT_STEPS
from gardener_core.store.migrations.vectors import VECTOR_STEPS
from gardener_core.store.project.catalog import Catalog, take_over
from gardener_core.store.project.choices import ChoiceFile
from gardener_core.system.files.atomic import make_folder
from gardener_core.system.places import Places
from gardener_core.upkeep.repair_weights import repair_adapters
from gardener_core.upkeep.repaired import Repaired

Check = Callable[[Project], TableChecked]


class RunStarter(Protocol):
    """What a repair needs of the runs: to list them and to start an index run."""

    def all(self, project: Project | None = None) -> list[Run]:
        """The runs of a project, newest first."""

    def index(self, project: Project, *, full: bool = False) -> Run:
        """Start an index run."""


def repair_databases(places: Places) -> Iterator[Repaired]:
    """Rebuild a damaged garden.db, and set aside damaged vectors."""
    salvaged = salvage(places.database)
    if salvaged:
        yield Repaired("list", salvaged.problem, salvaged.done)
    if places.vectors.exists() and (problem := _problem(places.vectors, VECTOR_STEPS)):
        aside = _put_aside(places.vectors)
        yield Repaired(
            "vectors",
            problem,
            f"They are computed again when needed; the old file is kept as {aside}.",
        )


def repair_project(
    places: Places,
    table: ProjectTable,
    adapters: AdapterTable,
    runs: RunStarter,
    check: Check,
    project: Project,
) -> Iterator[Repaired]:
    """One line a part: code, folder, catalog, choices, state, index, adapters."""
    yield _code(table, project)
    yield _folder(places.project(project.id))
    yield _catalog(places.catalog(project.id))
    yield from _choices(places.choices(project.id))
    yield _state(table, runs, table.get(project.id))
    yield _index(places, table, runs, check, table.get(project.id))
    yield from repair_adapters(places, table, adapters, project)


def _code(table: ProjectTable, project: Project) -> Repaired:
    if os.access(project.path, os.R_OK | os.X_OK) and project.path.is_dir():
        if project.is_broken:
            table.set_state(project.id, project.resting_state)
            return Repaired("code", "It can be read again.", "The project is no longer broken.")
        return Repaired("code", f"{project.path} can be read.", "")
    table.set_state(project.id, "broken")
    return Repaired(
        "code",
        f"{project.path} does not exist or cannot be read.",
        "Marked as broken. Put it back and repair again, or remove the project.",
    )


def _folder(folder: Path) -> Repaired:
    if not folder.is_dir():
        make_folder(folder)
        return Repaired("folder", "The project's own folder was missing.", "Made it.")
    leftovers = [item for item in _leftovers(folder) if not _is_needed(item)]
    for item in leftovers:
        shutil.rmtree(item, ignore_errors=True) if item.is_dir() else item.unlink(missing_ok=True)
    if leftovers:
        names = ", ".join(sorted(item.name for item in leftovers))
        return Repaired("folder", f"Remains of interrupted writes: {names}.", "Removed them.")
    return Repaired("folder", "Whole.", "")


def _leftovers(folder: Path) -> Iterator[Path]:
    yield from folder.glob(".*")
    yield from (folder / "adapters").glob(".*")


def _is_needed(item: Path) -> bool:
    """Whether it is the only copy of a folder whose swap was interrupted."""
    return item.suffix == ".old" and not (item.parent / item.stem.removeprefix(".")).exists()


def _catalog(path: Path) -> Repaired:
    """Rebuild a damaged catalog, keeping what a person decided."""
    if not path.exists():
        return Repaired("catalog", "None yet.", "")
    problem = _problem(path, PROJECT_STEPS)
    if not problem:
        return Repaired("catalog", "Whole.", "")
    aside = _put_aside(path)
    summary = take_over(aside, path)
    done = (
        f"The next index run reads every file. {summary}The damaged file is kept as {aside.name}."
    )
    return Repaired("catalog", problem, done)


def _choices(path: Path) -> Iterator[Repaired]:
    """Set an unreadable file of pins and bans aside."""
    try:
        ChoiceFile(path).read()
    except Damaged as problem:
        aside = _put_aside(path)
        yield Repaired(
            "pins and bans",
            problem.what,
            f"They start empty; the old file is kept as {aside.name}.",
        )


def _problem(path: Path, steps: Sequence[str]) -> str:
    try:
        return Database(path, steps).problem()
    except Damaged as fault:
        return fault.what


def _put_aside(path: Path) -> Path:
    """Rename a damaged database and its log; nothing is deleted."""
    aside = path.with_name(f"{path.name}.damaged-{time.strftime('%y%m%d-%H%M%S')}")
    for end in ("", "-wal", "-shm"):
        with contextlib.suppress(FileNotFoundError):
            os.rename(f"{path}{end}", f"{aside}{end}")
    return aside


def _index(
    places: Places, table: ProjectTable, runs: RunStarter, check: Check, project: Project
) -> Repaired:
    """Check the table row by row; a missing or unreadable one is rebuilt."""
    exists = os.path.lexists(places.index(project.id))
    if not exists and not project.chunks:
        return Repaired("index", "None yet.", "")
    if any(run.live and run.kind == "index" for run in runs.all(project)):
        return Repaired("index", "It is being written.", "")
    checked = check(project)
    if exists and not checked.problem and checked.chunks and not project.chunks:
        files = Catalog(places.catalog(project.id)).count()
        table.set_indexed(project.id, files, checked.chunks)
        table.set_state(project.id, "stale")
        return Repaired("index", f"Whole: {checked.chunks:,} chunks.", "Counted them again.")
    if exists and not checked.problem:
        return Repaired("index", f"Whole: {checked.chunks:,} chunks.", "")
    if not project.path.is_dir():
        return Repaired("index", checked.problem, "It is rebuilt when the code is back.")
    if not checked.chunks:
        table.set_indexed(project.id, project.files, 0)
        table.set_state(project.id, "new")
    run = runs.index(project, full=True)
    done = f"All files are read again, as run {run.id}."
    return Repaired("index", checked.problem, done, Remedy("follow", run.id))


def _state(table: ProjectTable, runs: RunStarter, project: Project) -> Repaired:
    kind = project.busy_with
    if kind is None or any(run.live and run.kind == kind for run in runs.all(project)):
        return Repaired("state", f"{project.state}.", "")
    table.set_state(project.id, project.resting_state)
    return Repaired("state", f"It is {project.state}, but no run is doing that.", "Corrected.")
