"""Prepare the rows of a project, or take those that were prepared."""

import hashlib
import json
import os
import secrets
import shutil
import time
from collections.abc import Generator, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from gardener_core.code.files.history import open_history
from gardener_core.errors import Damaged
from gardener_core.events.run import PhaseAdvanced
from gardener_core.jobs.data.foreign import foreign_files
from gardener_core.jobs.data.library import ProjectLibrary, open_library
from gardener_core.jobs.data.sources import KeptSources
from gardener_core.models.model import BaseModel
from gardener_core.models.shape import shape_of
from gardener_core.search.measuring.questions import COMMITS_BACK, is_suitable
from gardener_core.settings.schema import TrainingSettings
from gardener_core.store.garden.projects import Project
from gardener_core.store.project.catalog import Catalog
from gardener_core.system.files.atomic import make_folder
from gardener_core.system.files.regular import open_regular, parse_object, read_regular
from gardener_core.system.interrupts import Interruptible
from gardener_core.system.places import Places
from gardener_core.training.data.dividing import Known
from gardener_core.training.data.kept.folder import LONGEST_LINE, RowFolder
from gardener_core.training.data.kept.report import Recent
from gardener_core.training.data.kept.row import DataRow, Share
from gardener_core.training.data.mix import mix_of
from gardener_core.training.data.preparing import DataPlan, prepare

VERSION = 2  # of how rows are made: others are made anew
KEPT = 3
HALF_SECONDS = 3600.0  # after which a folder that was never finished is deleted
LARGEST_IMPORT = 500_000_000
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
    run: Path,
    interruptible: Interruptible,
    known: Known | None = None,
) -> PreparingRows:
    """The rows of a project in the folder of a run, made where none are kept of this very state.

    A run that has them keeps them, whatever becomes of the project. Those of an update are of what
    is not `known` yet, and a part of what is.
    """
    rows = RowFolder(run / RUN_ROWS)
    if rows.is_whole():
        return rows
    yield PhaseAdvanced("preparing", 0, len(sources.split.train), "files")
    catalog = Catalog(places.catalog(project.id))
    with interruptible, open_history(project.path) as history:
        commit = history.head()
        added = history.added(ADDED_BACK) if commit else []
        telling = frozenset(one.id for one in history.commits(COMMITS_BACK) if is_suitable(one))
    imported = places.imported_rows(project.id)
    facts = [commit, catalog.sides.choices(), _digest(imported), *_sorted(known)]
    key = _key(sources, base, training, facts)
    kept = RowFolder(places.rows(project.id) / key)
    if kept.is_whole():
        with interruptible:
            _link(kept.path, rows.path)
        os.utime(kept.path)
        return rows
    with interruptible:
        plan = _plan(places, project, catalog, sources, base, training)
    plan = replace(
        plan, commit=commit, commits=telling, recent=_recent(added, sources),
        mix=mix_of(training.mix, updates=known is not None), known=known,
        interruptible=interruptible,
    )  # fmt: skip
    yield from prepare(plan, rows.path)
    with interruptible:
        _link(rows.path, kept.path)
        _delete_old(kept.path.parent)
    return rows


def _plan(
    places: Places,
    project: Project,
    catalog: Catalog,
    sources: KeptSources,
    base: BaseModel,
    training: TrainingSettings,
) -> DataPlan:
    """What the rows depend on besides the history."""
    mixed = training.mix == "mixed"
    library = open_library(places, project, catalog, sources.split) if mixed else ""
    missing: dict[Share, str] = {}
    if isinstance(library, str):
        missing["answers"] = library
    elif shape_of(base).parameters < FEWEST_PARAMETERS_TO_ANSWER:
        missing["answers"] = f"{base.name} is too small to explain"
    return DataPlan(
        base=base,
        split=sources.split,
        collected=sources.collected.stage,
        left_out=sources.collected.left_out,
        mix=mix_of(training.mix, updates=False),
        sequence_tokens=training.sequence_tokens,
        wanted=training.steps * training.rows_a_step * training.sequence_tokens,
        choices=catalog.sides.choices(),
        library=library if isinstance(library, ProjectLibrary) else None,
        missing=missing,
        foreign=foreign_files,
        imported=lambda: _imported(places.imported_rows(project.id)),
    )


def _link(source: Path, target: Path) -> None:
    """A second folder with the same files, which take no room; one that is there is replaced."""
    make_folder(target.parent)
    new = target.with_name(f".{target.name}.{secrets.token_hex(6)}")
    make_folder(new)
    for file in source.iterdir():
        try:
            os.link(file, new / file.name)
        except OSError:  # a file system without links
            shutil.copy2(file, new / file.name)
    shutil.rmtree(target, ignore_errors=True)
    with suppress(OSError):  # another run may have put its own there, which are the same
        new.rename(target)
    shutil.rmtree(new, ignore_errors=True)


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


def _sorted(known: Known | None) -> list[object]:
    """In a fixed order; nothing where a run begins from the base, whose rows keep their key."""
    return [] if known is None else [sorted(known, key=lambda one: (one.lines, one.value))]


def _digest(file: Path) -> str:
    try:
        return hashlib.blake2b(read_regular(file, LARGEST_IMPORT)).hexdigest()
    except FileNotFoundError:
        return ""
    except OSError:
        raise _unreadable(file) from None


def _imported(file: Path) -> Iterator[DataRow]:
    try:
        with open_regular(file) as lines:
            while line := lines.readline(LONGEST_LINE):
                yield DataRow.from_json(parse_object(line))
    except FileNotFoundError:
        return
    except (OSError, ValueError, KeyError, TypeError):
        raise _unreadable(file) from None


def _unreadable(file: Path) -> Damaged:
    return Damaged(
        f"The rows that were imported ({file}) cannot be read.",
        hint="Import them again: gardener data NAME --import FILE",
    )


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
    if len(recent) > 2 * count:
        return Recent()  # most came on one day, which splits nothing
    return Recent(since, len(recent), len(recent & held_out), tuple(sorted(recent & held_out)))


def _delete_old(folder: Path) -> None:
    """Keep the rows that were used last."""
    folders = sorted(folder.iterdir(), key=lambda path: path.stat().st_mtime)
    half = [path for path in folders if path.name.startswith(".")]
    old = [path for path in half if path.stat().st_mtime < time.time() - HALF_SECONDS]
    for path in [*old, *[path for path in folders if path not in half][:-KEPT]]:
        shutil.rmtree(path, ignore_errors=True)
