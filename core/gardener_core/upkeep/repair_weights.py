"""Check and repair adapters and base models."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from gardener_core.errors import Damaged, Remedy
from gardener_core.models.gguf.rebuild import rebuild_adapter_gguf, rebuild_base_gguf
from gardener_core.models.model import BASE_GGUF
from gardener_core.models.store import ModelStore
from gardener_core.store.garden.adapter_files import CONFIG, adapter_state
from gardener_core.store.garden.adapters import AdapterTable
from gardener_core.store.garden.project_names import is_usable
from gardener_core.store.garden.projects import Project, ProjectTable
from gardener_core.store.manifest import write_manifest
from gardener_core.system.files.atomic import bytes_under, recover_folder
from gardener_core.system.files.regular import read_object
from gardener_core.system.places import Places
from gardener_core.upkeep.repaired import Repaired
from gardener_core.upkeep.versions.registry import base_in, repair_record, repair_row, state_in

VERIFIED_SO_FAR = "No digests were recorded, so it was unverified until now."


def repair_models(places: Places) -> Iterator[Repaired]:
    """Check each base model byte for byte, and rebuild a damaged GGUF."""
    store = ModelStore(places)
    for name in store.names():
        part = f"model {name}"
        faults = store.faults(name, thorough=True) or [it.what for it in store.damaged_one(name)]
        if faults:
            advice = "Restore the files from a backup: adapters that were trained on it need them."
            yield Repaired(part, f"{', '.join(faults)}. It is not used.", advice)
            continue
        unverified = not store.is_noted(name)
        gguf = store.gguf_fault(name, thorough=True)
        if gguf or (unverified and (store.folder / name / BASE_GGUF).exists()):
            (store.folder / name / BASE_GGUF).unlink(missing_ok=True)
            model = store.get(name)
            problem = _problem_of(partial(rebuild_base_gguf, model))
            done = problem or "Rebuilt the GGUF."
            yield Repaired(part, gguf or VERIFIED_SO_FAR, done)
        if unverified:
            write_manifest(store.folder / name)
            yield Repaired(part, VERIFIED_SO_FAR, "It can be read; its digests are recorded now.")
        elif not gguf:
            yield Repaired(part, "Whole: every file is as it was written.", "")


def repair_adapters(
    places: Places, table: ProjectTable, adapters: AdapterTable, project: Project
) -> Iterator[Repaired]:
    """Check each version's files and row, and the active one."""
    folder = places.adapters(project.id)
    registered = {adapter.version: adapter for adapter in adapters.of_project(project.id)}
    lost = set()
    for version in sorted(registered):
        if not recover_folder(folder / version):
            adapters.forget(project.id, version)
            yield Repaired(f"adapter {version}", "Its files are gone.", "Removed it from the list.")
            continue
        repaired = _files(folder / version, registered[version].base, project)
        if adapter_state(folder / version, thorough=False).lost:
            lost.add(version)
        yield repaired
        yield from repair_record(places, registered[version], folder / version)
        yield from repair_row(adapters, registered[version], folder / version)
    for config in sorted(folder.glob("[!.]*/" + CONFIG)):
        version = config.parent.name
        if not is_usable(version):
            yield Repaired("adapter", f"{version!r} cannot be its name.", "Unchanged; rename it.")
        elif version not in registered:
            base, state = base_in(config.parent) or _base(config), state_in(config.parent)
            size = bytes_under(config.parent)
            adapters.register(project.id, version, base, "", size, state)
            yield Repaired(f"adapter {version}", "It was not in the list.", f"Entered it: {state}.")
    active = table.get(project.id).adapter
    present = {adapter.version for adapter in adapters.of_project(project.id)} - lost
    if active and active not in present:
        table.set_adapter(project.id, "", project.base)
        reason = "damaged" if active in lost else "gone"
        yield Repaired("active adapter", f"{active} is {reason}.", "No adapter is active now.")


def _files(folder: Path, base: str, project: Project) -> Repaired:
    part, state = f"adapter {folder.name}", adapter_state(folder, thorough=True)
    if state.lost:
        done = "It cannot be used. Train again."
        return Repaired(part, f"{', '.join(state.lost)}.", done, Remedy("train", project.name))
    if not state.gguf and not state.unverified:
        return Repaired(part, "Whole: every file is as it was written.", "")
    problem = _problem_of(partial(rebuild_adapter_gguf, folder, base))
    found = f"{state.gguf}." if state.gguf else VERIFIED_SO_FAR
    if problem:
        return Repaired(part, found, problem)
    if state.unverified:
        write_manifest(folder)
        return Repaired(part, found, "It can be read; its GGUF was rebuilt, its digests recorded.")
    return Repaired(part, found, "Rebuilt it from the trained weights.")


def _problem_of(make: Callable[[], object]) -> str:
    try:
        make()
    except Damaged as problem:
        return problem.what
    return ""


def _base(config: Path) -> str:
    """The name of the base in an adapter's config: that of its folder."""
    try:
        return Path(str(read_object(config)["base_model_name_or_path"])).name
    except (OSError, ValueError, KeyError):
        return ""
