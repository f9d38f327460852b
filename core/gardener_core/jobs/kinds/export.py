"""Export an adapter for other programs."""

import hashlib
import shutil
from collections.abc import Generator, Sequence
from pathlib import Path

from gardener_core.code.files.listing import read_sources
from gardener_core.errors import AdapterMissing, BadInput, NothingToLearn
from gardener_core.events.export import Exported
from gardener_core.events.parts import Fidelity, WrittenFile
from gardener_core.events.run import Noted, PhaseAdvanced
from gardener_core.events.union import Event
from gardener_core.export.fidelity import measure, require, tolerance_of
from gardener_core.export.lora import ADAPTER_CONFIG, ADAPTER_WEIGHTS
from gardener_core.export.lora_gguf import write_lora_gguf
from gardener_core.jobs.spec import ExportSpec
from gardener_core.models.gguf.write import write_base_gguf
from gardener_core.models.identity import require_base
from gardener_core.models.model import BaseModel
from gardener_core.models.store import ModelStore
from gardener_core.models.torch.dequantise import make_training_folder
from gardener_core.store.database import Database
from gardener_core.store.garden.adapters import AdapterTable
from gardener_core.store.garden.projects import ProjectTable
from gardener_core.system.files.atomic import make_folder, recover_folder, staging, writing_aside
from gardener_core.system.hardware import usable_cores
from gardener_core.system.interrupts import Interruptible
from gardener_core.system.places import Places

FORMATS = ("peft", "gguf-lora")
COMPARED_TEXTS = 20


def work(
    spec: ExportSpec, places: Places, folder: Path, interruptible: Interruptible
) -> Generator[Event, str | None, None]:
    """Write the files aside, verify them, then move them to the target folder."""
    database = Database(places.database)
    adapter = AdapterTable(database).get(spec.project, spec.version)
    source = places.adapters(spec.project) / spec.version
    if not recover_folder(source):
        raise AdapterMissing(
            f"The files of adapter {spec.version} are gone.", hint="Train it again."
        )
    base = ModelStore(places).get(adapter.base)
    require_base(source, spec.version, base)
    new = staging(folder / "export")
    fidelity = None
    if spec.format == "peft":
        for name in (ADAPTER_CONFIG, ADAPTER_WEIGHTS):
            shutil.copyfile(source / name, new / name)
    elif spec.format == "gguf-lora":
        root = ProjectTable(database).get(spec.project).path
        yield Noted(f"Writing {base.name} and {spec.version}, then comparing them with PEFT.")
        texts = _texts(root)
        fidelity = yield from _write_gguf(
            base, source, spec.version, new, texts, folder, interruptible
        )
    else:
        raise BadInput(
            f"The format {spec.format!r} is not known.", hint=f"Choose one of {', '.join(FORMATS)}."
        )
    yield PhaseAdvanced("saving")
    yield Exported(_deliver(new, Path(spec.folder)), fidelity)


def _write_gguf(
    base: BaseModel,
    adapter: Path,
    version: str,
    new: Path,
    texts: Sequence[str],
    folder: Path,
    interruptible: Interruptible,
) -> Generator[Event, str | None, Fidelity]:
    is_file = base.format == "gguf"
    if is_file:
        yield Noted(f"It goes with {base.gguf}, sha256 {base.sha256}.")
    yield from make_training_folder(base, interruptible)
    yield PhaseAdvanced("writing")
    base_gguf = base.gguf if is_file else new / f"{base.name}.f32.gguf"
    with interruptible:
        if not is_file:
            write_base_gguf(base.folder, base.name, base_gguf)
        lora_gguf = write_lora_gguf(adapter, base.folder, new / f"{base.name}-{version}.lora.gguf")
    fidelity = yield from measure(
        base,
        adapter,
        base_gguf,
        lora_gguf,
        texts,
        folder / "llama.log",
        usable_cores(),
        interruptible,
    )
    require(fidelity, tolerance_of(base, fidelity))
    return fidelity


def _texts(root: Path) -> list[str]:
    """A sample of the project's files, evenly spread."""
    texts = [text for _, text in sorted(read_sources(root)) if text.strip()]
    if not texts:
        raise NothingToLearn(
            f"{root} contains no text to compare with.",
            hint="Export as peft, or restore the files.",
        )
    return texts[:: -(-len(texts) // COMPARED_TEXTS)]


def _deliver(new: Path, target: Path) -> tuple[WrittenFile, ...]:
    """Copy each file to the target, put in place by a rename."""
    make_folder(target)
    written = []
    for file in sorted(new.iterdir()):
        place = target / file.name
        with writing_aside(place) as new_file:
            shutil.copyfile(file, new_file)
        digest = hashlib.sha256(place.read_bytes()).hexdigest()
        written.append(WrittenFile(str(place), place.stat().st_size, digest))
    shutil.rmtree(new)
    return tuple(written)
