"""Train an adapter and register it."""

import json
import shutil
from collections.abc import Generator, Iterator
from dataclasses import replace
from pathlib import Path
from types import ModuleType

from gardener_core.code.files.listing import read_sources
from gardener_core.errors import IndexBroken, IndexMissing
from gardener_core.evaluation.split import SourceFile, split_files
from gardener_core.events.run import Noted, PhaseAdvanced
from gardener_core.events.train import Saved
from gardener_core.events.union import Event
from gardener_core.export.lora_gguf import write_lora_gguf
from gardener_core.jobs.folder import KEEP
from gardener_core.jobs.kinds.grow import grow_missing
from gardener_core.jobs.spec import TrainSpec
from gardener_core.models.gguf.write import ensure_base_gguf
from gardener_core.models.identity import BaseIdentity, write_identity
from gardener_core.models.probe import checked_identity
from gardener_core.models.store import SEEDLING, ModelStore
from gardener_core.models.torch.dequantise import make_training_folder
from gardener_core.store.database import Database
from gardener_core.store.garden.adapter_files import read_partial
from gardener_core.store.garden.adapters import AdapterTable
from gardener_core.store.garden.projects import ProjectTable
from gardener_core.store.manifest import write_manifest
from gardener_core.system.files.atomic import (
    bytes_under,
    recover_folder,
    staging,
    swap_folder,
    write_whole,
)
from gardener_core.system.hardware import usable_cores
from gardener_core.system.interrupts import Interruptible
from gardener_core.system.lazy import load
from gardener_core.system.pace import Pace
from gardener_core.system.places import Places
from gardener_core.training.loop import train
from gardener_core.training.plan import TrainPlan

ADAPTER_GGUF = "adapter.gguf"
_SOURCES = "sources.json"


def work(
    spec: TrainSpec, places: Places, folder: Path, interruptible: Interruptible
) -> Generator[Event, str | None, None]:
    """Train an adapter, put it in place and register it, each once per run."""
    # Loaded now, so that nothing can be missing at the end; a second where there is an index.
    tables = load("gardener_core.search.table") if places.index(spec.project).is_dir() else None
    database = Database(places.database)
    project = ProjectTable(database).get(spec.project)
    settings = replace(spec.training, threads=spec.training.threads or usable_cores())
    sources = yield from _kept_sources(project.path, folder)
    split_files(sources)  # fails for a project that is too small before a base is grown for it
    if spec.base == SEEDLING and not ModelStore(places).has(SEEDLING):
        yield from grow_missing(
            places, spec.run, SEEDLING, spec.grow_steps, settings.threads, interruptible
        )
    base = ModelStore(places).get(spec.base)
    target = places.adapters(spec.project) / spec.version
    if not recover_folder(target):
        yield PhaseAdvanced("converting")
        with interruptible:
            ensure_base_gguf(base)  # a base that cannot be exported is refused before the work
        yield from make_training_folder(base, interruptible)
        with interruptible:
            identity = checked_identity(base, folder / "llama.log")
        control = Path(spec.control) if spec.control else None
        ends_now = (folder / KEEP).exists()
        plan = TrainPlan(
            spec.run,
            base,
            sources,
            folder,
            settings,
            interruptible,
            control,
            spec.measured,
            ends_now,
        )
        yield from train(plan)
        yield PhaseAdvanced("saving")
        _put_in_place(plan, identity, target)
    saved = _register(spec, database, target)
    yield from _keep_index(tables, spec, places)
    yield saved
    (folder / _SOURCES).unlink(missing_ok=True)


def _kept_sources(
    root: Path, folder: Path
) -> Generator[PhaseAdvanced, str | None, list[SourceFile]]:
    """The project's text as it was when the run began, also for a resumed run."""
    kept = folder / _SOURCES
    if not kept.exists():
        sources, pace = [], Pace()
        yield PhaseAdvanced("reading", 0, 0, "files")
        for source in read_sources(root):
            sources.append(source)
            if pace.is_due():
                yield PhaseAdvanced("reading", len(sources), 0, "files")
        write_whole(kept, json.dumps(sorted(sources)).encode())
    return [SourceFile(path, text) for path, text in json.loads(kept.read_bytes())]


def _put_in_place(plan: TrainPlan, identity: BaseIdentity, target: Path) -> None:
    new = staging(target)
    shutil.copytree(plan.adapter, new, dirs_exist_ok=True)
    write_lora_gguf(new, plan.base.folder, new / ADAPTER_GGUF)
    write_identity(new, identity)
    write_manifest(new)
    swap_folder(new, target)


def _register(spec: TrainSpec, database: Database, target: Path) -> Saved:
    """Register the adapter; it becomes active if no other is."""
    size = bytes_under(target)
    AdapterTable(database).register(spec.project, spec.version, spec.base, spec.run, size)
    projects = ProjectTable(database)
    if not projects.get(spec.project).adapter:
        projects.set_adapter(spec.project, spec.version, spec.base)
    return Saved(spec.version, str(target), size, read_partial(target) is not None)


def _keep_index(tables: ModuleType | None, spec: TrainSpec, places: Places) -> Iterator[Noted]:
    """Tag the index as it was when this adapter was trained."""
    if tables is None:
        return  # training needs no index
    tag = f"adapter-{spec.version}"
    try:
        tables.ChunkTable.open(places.index(spec.project)).versions.tag(tag)
        yield Noted(f"The index as it is now is kept as {tag}.")
    except IndexMissing:
        pass
    except IndexBroken as problem:
        yield Noted(f"The index was not kept as {tag}: {problem.what}")
