"""The files of a run as they were when it began."""

import json
from collections.abc import Generator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from gardener_core.evaluation.split import SourceFile, Split, split_files
from gardener_core.events.run import PhaseAdvanced
from gardener_core.jobs.data.collecting import Collected, collect
from gardener_core.jobs.data.sides import split_project
from gardener_core.store.garden.projects import Project
from gardener_core.store.project.catalog import Catalog
from gardener_core.system.files.atomic import write_whole
from gardener_core.training.data.kept.folder import DataItem

_SOURCES = "sources.json"


@dataclass(frozen=True, slots=True)
class KeptSources:
    """The files with their sides, and their split; `is_old` are those of an older program's run."""

    collected: Collected
    split: Split
    is_old: bool = False


def kept_sources(
    project: Project, catalog: Catalog, folder: Path
) -> Generator[PhaseAdvanced, Any, KeptSources]:
    """Read a project once for a run; a run that is resumed gets the same files and sides."""
    kept = folder / _SOURCES
    if kept.exists():
        return _read(kept)
    collected = yield from collect(project.path, catalog.sides.choices())
    files, split = split_project(sorted(collected.files, key=_path), project.path, catalog)
    collected = Collected(tuple(files), collected.left_out, collected.secrets)
    fields = {
        "files": [(file.path, file.text, file.side) for file in _sided(split, files)],
        "left_out": [asdict(item) for item in collected.left_out],
        "secrets": collected.secrets,
    }
    write_whole(kept, json.dumps(fields).encode())
    return _read(kept)


def drop_sources(folder: Path) -> None:
    """Delete the copy of the files, once a run has ended."""
    (folder / _SOURCES).unlink(missing_ok=True)


def _sided(split: Split, files: list[SourceFile]) -> list[SourceFile]:
    """Every file with the side that it has now."""
    held_out = {file.path for file in split.held_out}
    dev = {file.path for file in split.dev}
    return [
        SourceFile(
            file.path, file.text,
            "held_out" if file.path in held_out else "dev" if file.path in dev else "train",
        )
        for file in files
    ]  # fmt: skip


def _read(kept: Path) -> KeptSources:
    fields = json.loads(kept.read_bytes())
    if isinstance(fields, list):  # of a run that an older program began
        files = tuple(SourceFile(path, text) for path, text in fields)
        return KeptSources(Collected(files, (), 0), split_files(files), is_old=True)
    files = tuple(SourceFile(path, text, side) for path, text, side in fields["files"])
    left_out = tuple(DataItem(**item) for item in fields["left_out"])
    return KeptSources(Collected(files, left_out, fields["secrets"]), split_files(files))


def _path(file: SourceFile) -> str:
    return file.path
