"""Train an adapter and register it."""

import shutil
from collections.abc import Generator, Iterator
from dataclasses import replace
from pathlib import Path
from types import ModuleType

from gardener_core.errors import IndexBroken, IndexMissing
from gardener_core.events.run import Noted, PhaseAdvanced
from gardener_core.events.train import Gated, Saved
from gardener_core.events.union import Event
from gardener_core.export.lora_gguf import write_lora_gguf
from gardener_core.jobs.data.preparing import prepared_rows
from gardener_core.jobs.data.sources import KeptSources, drop_sources, kept_sources
from gardener_core.jobs.folder import KEEP
from gardener_core.jobs.kinds.grow import grow_missing
from gardener_core.jobs.scoring.seen import learned_paths
from gardener_core.jobs.scoring.training_gate import gate_of_training
from gardener_core.jobs.spec import TrainSpec
from gardener_core.models.gguf.write import ensure_base_gguf
from gardener_core.models.identity import BaseIdentity, write_identity
from gardener_core.models.model import BaseModel
from gardener_core.models.probe import checked_identity
from gardener_core.models.store import SEEDLING, ModelStore
from gardener_core.models.torch.dequantise import make_training_folder
from gardener_core.store.database import Database
from gardener_core.store.garden.adapter_files import read_partial
from gardener_core.store.garden.adapters import AdapterTable
from gardener_core.store.garden.gate_states import GateState
from gardener_core.store.garden.projects import Project, ProjectTable
from gardener_core.store.manifest import write_manifest
from gardener_core.store.project.catalog import Catalog
from gardener_core.system.files.atomic import (
    bytes_under,
    recover_folder,
    staging,
    swap_folder,
)
from gardener_core.system.hardware import usable_cores
from gardener_core.system.interrupts import Interruptible
from gardener_core.system.lazy import load
from gardener_core.system.places import Places
from gardener_core.training.data.kept.expectations import (
    expectation,
    is_too_little,
    shortfall,
)
from gardener_core.training.loop import train
from gardener_core.training.plan import TrainPlan

ADAPTER_GGUF = "adapter.gguf"


def work(
    spec: TrainSpec, places: Places, folder: Path, interruptible: Interruptible
) -> Generator[Event, str | None, None]:
    """Train an adapter, put it in place and register it, each once per run."""
    # Loaded now, so that nothing can be missing at the end; a second where there is an index.
    tables = load("gardener_core.search.table") if places.index(spec.project).is_dir() else None
    database = Database(places.database)
    project = ProjectTable(database).get(spec.project)
    settings = replace(spec.training, threads=spec.training.threads or usable_cores())
    # Fails for a project that is too small before a base is grown for it.
    sources = yield from kept_sources(project, Catalog(places.catalog(spec.project)), folder)
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
        rows = yield from _kept_rows(spec, places, project, sources, base, folder, interruptible)
        control = Path(spec.control) if spec.control else None
        plan = TrainPlan(
            spec.run, base, sources.collected.files, folder, settings, interruptible, control,
            spec.measured, rows, ends_now=(folder / KEEP).exists(),
        )  # fmt: skip
        yield from train(plan)
        yield PhaseAdvanced("saving")
        _put_in_place(plan, identity, target)
    saved = _register(spec, database, target)
    yield from _keep_index(tables, spec, places)
    yield saved
    yield _gated(spec, database, folder)
    drop_sources(folder)


def _kept_rows(
    spec: TrainSpec,
    places: Places,
    project: Project,
    sources: KeptSources,
    base: BaseModel,
    folder: Path,
    interruptible: Interruptible,
) -> Generator[Event, str | None, Path | None]:
    """The rows of this run, the same when it is resumed; none where an older program began it."""
    if sources.is_old:
        return None
    rows = yield from prepared_rows(
        places, project, sources, base, spec.training, folder, interruptible
    )
    report = rows.report()
    if is_too_little(report):
        yield Noted(f"{expectation(report)} {shortfall(report)}".rstrip())
    return rows.path


def _put_in_place(plan: TrainPlan, identity: BaseIdentity, target: Path) -> None:
    new = staging(target)
    shutil.copytree(plan.adapter, new, dirs_exist_ok=True)
    write_lora_gguf(new, plan.base.folder, new / ADAPTER_GGUF)
    write_identity(new, identity)
    write_manifest(new)
    swap_folder(new, target)


def _register(spec: TrainSpec, database: Database, target: Path) -> Saved:
    """Register the adapter; it answers when it has passed the gate, or when a person says so."""
    size = bytes_under(target)
    partial = read_partial(target) is not None
    state: GateState = "partial" if partial else "trained"
    AdapterTable(database).register(spec.project, spec.version, spec.base, spec.run, size, state)
    return Saved(spec.version, str(target), size, partial)


def _gated(spec: TrainSpec, database: Database, folder: Path) -> Gated:
    """What the run's own scores say: they may fail an adapter, and are too few to pass it."""
    gate = gate_of_training(folder, learned_paths(folder))
    if gate is None or gate.verdict != "fail":
        return Gated(spec.version, "unmeasured")
    AdapterTable(database).move(spec.project, spec.version, "failed")
    failed = tuple(one.name for one in gate.conditions if one.verdict == "fail")
    return Gated(spec.version, "fail", failed)


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
