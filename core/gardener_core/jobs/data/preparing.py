"""Prepare the rows of a project, or take those that were prepared."""

import hashlib
import json
import os
import shutil
from collections.abc import Generator, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from gardener_core.code.files.history import open_history
from gardener_core.events.run import PhaseAdvanced
from gardener_core.jobs.data.foreign import foreign_files
from gardener_core.jobs.data.library import ProjectLibrary, open_library
from gardener_core.jobs.data.sources import KeptSources
from gardener_core.models.model import BaseModel
from gardener_core.models.shape import shape_of
from gardener_core.settings.schema import TrainingSettings
from gardener_core.store.garden.projects import Project
from gardener_core.store.project.catalog import Catalog
from gardener_core.system.files.atomic import make_folder, staging, swap_folder
from gardener_core.system.interrupts import Interruptible
from gardener_core.system.places import Places
from gardener_core.training.data.kept.folder import RowFolder
from gardener_core.training.data.kept.report import Recent
from gardener_core.training.data.kept.row import DataRow, Share
from gardener_core.training.data.mix import MIXED, ONLY_CODE
from gardener_core.training.data.preparing import DataPlan, prepare

VERSION = 1  # of how rows are made: others are made anew
KEPT = 3
RUN_ROWS = "rows"  # their folder in that of a run
ADDED_BACK = 2000  # commits that are looked at for new files
RECENT_SHARE = 1 / 6
# A smaller base invents whatever it reads, so it is not taught to explain.
FEWEST_PARAMETERS_TO_ANSWER = 300_000_000

PreparingRows = Generator[PhaseAdvanced, Any, RowFolder]


def prepared_rows(
    places: Places,
    project: Project,
    sources: KeptSources,
    base: BaseModel,
    training: TrainingSettings,
    interruptible: Interruptible,
) -> PreparingRows:
    """The rows of a project as it is, made where there are none of this very state."""
    yield PhaseAdvanced("preparing", 0, len(sources.split.train), "files")
    catalog = Catalog(places.catalog(project.id))
    with interruptible, open_history(project.path) as history:
        commit = history.head()
        added = history.added(ADDED_BACK) if commit else []
    imported = places.imported_rows(project.id)
    key = _key(sources, base, training, [commit, catalog.sides.choices(), _digest(imported)])
    rows = RowFolder(places.rows(project.id) / key)
    if rows.exists():
        os.utime(rows.path)
        return rows
    mixed = training.mix == "mixed"
    with interruptible:
        library = open_library(places, project, catalog, sources.split) if mixed else ""
    missing: dict[Share, str] = {}
    if isinstance(library, str):
        missing["answers"] = library
    elif shape_of(base).parameters < FEWEST_PARAMETERS_TO_ANSWER:
        missing["answers"] = f"{base.name} is too small to explain"
    wanted = training.steps * training.rows_a_step * training.sequence_tokens
    plan = DataPlan(
        base=base,
        split=sources.split,
        collected=sources.collected.stage,
        left_out=sources.collected.left_out,
        mix=MIXED if mixed else ONLY_CODE,
        sequence_tokens=training.sequence_tokens,
        wanted=wanted,
        commit=commit,
        choices=catalog.sides.choices(),
        library=library if isinstance(library, ProjectLibrary) else None,
        missing=missing,
        foreign=foreign_files,
        imported=lambda: _imported(imported),
        recent=_recent(added, sources),
        interruptible=interruptible,
    )
    make_folder(rows.path.parent)
    yield from prepare(plan, rows.path)
    _delete_old(rows.path.parent)
    return rows


def keep_for_run(rows: RowFolder, target: Path) -> Path:
    """Keep rows in a run's folder, whatever becomes of the others; links take no room."""
    new = staging(target)
    for file in rows.path.iterdir():
        try:
            os.link(file, new / file.name)
        except OSError:  # a file system without links
            shutil.copy2(file, new / file.name)
    swap_folder(new, target)
    return target


def _key(
    sources: KeptSources, base: BaseModel, training: TrainingSettings, more: list[object]
) -> str:
    """A digest of everything that the rows depend on."""
    digest = hashlib.blake2b(digest_size=12)
    for file in sources.collected.files:
        digest.update(json.dumps([file.path, file.text, file.side]).encode())
    fields = [
        VERSION, base.sha256, training.mix, training.sequence_tokens, training.steps,
        training.rows_a_step, [repr(part) for part in more],
    ]  # fmt: skip
    digest.update(json.dumps(fields).encode())
    return digest.hexdigest()


def _digest(file: Path) -> str:
    return hashlib.blake2b(file.read_bytes()).hexdigest() if file.exists() else ""


def _imported(file: Path) -> Iterator[DataRow]:
    if not file.exists():
        return
    for line in file.read_text().splitlines():
        with suppress(ValueError, KeyError, TypeError):
            yield DataRow.from_json(json.loads(line))


def _recent(added: list[tuple[str, str]], sources: KeptSources) -> Recent:
    """The newest sixth of the files by the day on which they were added."""
    held_out = {file.path for file in sources.split.held_out}
    present = {file.path for file in sources.collected.files}
    days = {path: day for path, day in reversed(added) if path in present}
    newest = sorted(days.values(), reverse=True)
    count = int(len(present) * RECENT_SHARE)
    if not count or len(newest) < count:
        return Recent()
    since = newest[count - 1]
    recent = {path for path, day in days.items() if day >= since}
    return Recent(since, len(recent), len(recent & held_out))


def _delete_old(folder: Path) -> None:
    """Keep the rows that were used last."""
    folders = [path for path in folder.iterdir() if not path.name.startswith(".")]
    for path in sorted(folders, key=lambda path: path.stat().st_mtime)[:-KEPT]:
        shutil.rmtree(path, ignore_errors=True)
