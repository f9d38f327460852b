"""Train an adapter and register it."""

import shutil
import time
from collections.abc import Generator, Iterator
from dataclasses import replace
from pathlib import Path
from types import ModuleType

from gardener_core.errors import Damaged, IndexBroken, IndexMissing, Remedy
from gardener_core.evaluation.held_out import read_arms_over
from gardener_core.events.run import Noted, PhaseAdvanced
from gardener_core.events.train import DeviceChosen, Gated, RecentScored, Saved
from gardener_core.events.union import Event
from gardener_core.export.lora_gguf import write_lora_gguf
from gardener_core.jobs.data.preparing import prepared_rows
from gardener_core.jobs.data.recording import record_of
from gardener_core.jobs.data.sources import KeptSources, drop_sources, kept_sources
from gardener_core.jobs.folder import KEEP
from gardener_core.jobs.kinds.grow import grow_missing
from gardener_core.jobs.scoring.seen import learned_paths
from gardener_core.jobs.scoring.training_gate import gate_of_training
from gardener_core.jobs.spec import TrainSpec
from gardener_core.models.gguf.write import ensure_base_gguf
from gardener_core.models.identity import BaseIdentity, write_identity
from gardener_core.models.model import BaseModel
from gardener_core.models.needs import training_bytes
from gardener_core.models.probe import checked_identity
from gardener_core.models.shape import shape_of
from gardener_core.models.store import SEEDLING, ModelStore
from gardener_core.models.torch.dequantise import make_training_folder
from gardener_core.models.torch.devices import TrainingDevice, choose_device, device_table
from gardener_core.store.database import Database
from gardener_core.store.garden.adapter_files import read_partial, require_whole
from gardener_core.store.garden.adapters import AdapterTable
from gardener_core.store.garden.gate_states import GateState
from gardener_core.store.garden.projects import Project, ProjectTable
from gardener_core.store.garden.versions.record import (
    PROGRAM,
    AdapterRecord,
    counted,
    installed_libraries,
    write_record,
)
from gardener_core.store.manifest import read_manifest, write_manifest
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
from gardener_core.system.versions import installed_version
from gardener_core.training.data.kept.expectations import (
    expectation,
    is_too_little,
    shortfall,
)
from gardener_core.training.data.kept.folder import ROWS, RowFolder
from gardener_core.training.data.kept.report import Recent
from gardener_core.training.loop import train
from gardener_core.training.plan import TrainPlan
from gardener_core.training.retraining.learned import Learned, read_learned, write_learned
from gardener_core.training.retraining.parent import ParentAdapter

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
        device = _device(spec, base)
        yield DeviceChosen(device.kind, device.name, device.precision, device.why)
        parent = _parent(spec, places, database)
        rows = yield from _kept_rows(
            spec, places, project, sources, base, folder, interruptible, parent
        )
        control = Path(spec.control) if spec.control else None
        plan = TrainPlan(
            spec.run, base, sources.collected.files, folder, settings, interruptible, control,
            spec.measured, rows.path if rows else None, (folder / KEEP).exists(), device, parent,
        )  # fmt: skip
        yield from train(plan)
        yield from _by_time(folder, rows)
        yield PhaseAdvanced("saving")
        learned = _learned(spec, sources, rows, parent) if rows else None
        made = _record(spec, places, identity, rows, learned)
        _put_in_place(plan, identity, target, learned, made)
    saved = _register(spec, database, target)
    yield from _keep_index(tables, spec, places)
    yield saved
    yield _gated(spec, database, folder, target)
    drop_sources(folder)


def _kept_rows(
    spec: TrainSpec,
    places: Places,
    project: Project,
    sources: KeptSources,
    base: BaseModel,
    folder: Path,
    interruptible: Interruptible,
    parent: ParentAdapter | None,
) -> Generator[Event, str | None, RowFolder | None]:
    """The rows of this run, the same when it is resumed; none where an older program began it."""
    if sources.is_old:
        return None
    rows = yield from prepared_rows(
        places, project, sources, base, spec.training, folder, interruptible,
        parent.learned.digests if parent else None,
    )  # fmt: skip
    report = rows.report()
    if parent is None and is_too_little(report):
        yield Noted(f"{expectation(report)} {shortfall(report)}".rstrip())
    return rows


def _device(spec: TrainSpec, base: BaseModel) -> TrainingDevice:
    """What the run computes on; refused where what was asked for is not there."""
    training = spec.training
    needed = training_bytes(
        shape_of(base), training.rank, training.sequence_tokens, recomputes=True
    )
    return choose_device(training.device, device_table(), needed)


def _parent(spec: TrainSpec, places: Places, database: Database) -> ParentAdapter | None:
    """The adapter that an update goes on from; refused where its files are not whole any more."""
    if not spec.parent:
        return None
    project = ProjectTable(database).get(spec.project)
    adapter = AdapterTable(database).get(spec.project, spec.parent)
    folder = places.adapters(spec.project) / spec.parent
    recover_folder(folder)
    require_whole(folder, spec.parent, project.name)
    learned = read_learned(folder)
    if learned is None:
        raise Damaged(
            f"The record of what adapter {spec.parent} has learned cannot be read.",
            hint="Train anew.",
            remedy=Remedy("train", project.name),
        )
    return ParentAdapter(spec.parent, folder, places.run(adapter.run), learned)


def _by_time(folder: Path, rows: RowFolder | None) -> Iterator[RecentScored]:
    """The split by time beside the one by files, where the history has both."""
    recent = rows.report().recent if rows else Recent()
    found = read_arms_over(folder, recent.paths) if recent.paths else None
    if found is not None:
        yield RecentScored(recent.since, *found)


def _learned(
    spec: TrainSpec, sources: KeptSources, rows: RowFolder, parent: ParentAdapter | None
) -> Learned:
    before = parent.learned if parent else None
    full_steps = spec.full_steps or spec.training.steps
    return record_of(sources, rows, before, spec.parent, full_steps)


def _record(
    spec: TrainSpec,
    places: Places,
    identity: BaseIdentity,
    rows: RowFolder | None,
    learned: Learned | None,
) -> AdapterRecord:
    """What the adapter was made of; its files are counted when they are there."""
    read = read_manifest(rows.path).get(ROWS) if rows else None
    model = ModelStore(places).record(spec.base)
    return AdapterRecord(
        version=spec.version,
        origin="trained",
        created=time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        base=spec.base,
        base_sha256=identity.weights,
        base_licence=model.licence if model else "",
        tokenizer=identity.tokens,
        template=identity.template,
        parent=spec.parent,
        commit=learned.commit if learned else "",
        rows=read.sha256 if read else "",
        recipe=spec.training,
        program=installed_version(PROGRAM),
        libraries=installed_libraries(),
    )


def _put_in_place(
    plan: TrainPlan,
    identity: BaseIdentity,
    target: Path,
    learned: Learned | None,
    record: AdapterRecord,
) -> None:
    new = staging(target)
    shutil.copytree(plan.adapter, new, dirs_exist_ok=True)
    write_lora_gguf(new, plan.base.folder, new / ADAPTER_GGUF)
    write_identity(new, identity)
    if learned is not None:
        write_learned(new, learned)
    write_record(new, counted(record, new))
    write_manifest(new)
    swap_folder(new, target)


def _register(spec: TrainSpec, database: Database, target: Path) -> Saved:
    """Register the adapter; it answers when it has passed the gate, or when a person says so."""
    size = bytes_under(target)
    partial = read_partial(target) is not None
    state: GateState = "partial" if partial else "trained"
    AdapterTable(database).register(spec.project, spec.version, spec.base, spec.run, size, state)
    return Saved(spec.version, str(target), size, partial)


def _gated(spec: TrainSpec, database: Database, folder: Path, target: Path) -> Gated:
    """What the run's own scores say: they may fail an adapter, and are too few to pass it."""
    gate = gate_of_training(folder, learned_paths(folder, target))
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
