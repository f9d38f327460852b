"""Export an adapter for other programs."""

from collections.abc import Generator
from pathlib import Path

from gardener_core.errors import BadInput
from gardener_core.events.export import Exported
from gardener_core.events.parts import Fidelity
from gardener_core.events.run import Noted, PhaseAdvanced
from gardener_core.events.union import Event
from gardener_core.export.fidelity.bounds import Form
from gardener_core.export.fidelity.measuring import ExportedFiles
from gardener_core.export.lora_gguf import LoraQuant
from gardener_core.jobs.data.sources import drop_sources
from gardener_core.jobs.exporting.bundling import (
    BASE,
    PEFT,
    copy_adapter,
    copy_index,
    copy_model,
    copy_weights,
    finish_bundle,
)
from gardener_core.jobs.exporting.certifying import certify, measure_once
from gardener_core.jobs.exporting.delivering import (
    deliver,
    delivery_of,
    listed_delivery,
)
from gardener_core.jobs.exporting.subject import ExportSubject
from gardener_core.jobs.exporting.writing import (
    copy_base,
    open_box,
    write_base,
    write_lora,
    write_merged,
    write_peft,
)
from gardener_core.jobs.spec import ExportSpec
from gardener_core.models.gguf.quants import ROUNDED, quant_named
from gardener_core.models.torch.dequantise import make_training_folder
from gardener_core.store.garden.adapter_files import GGUF
from gardener_core.store.garden.versions.measured import read_measured, weights_digest
from gardener_core.system.files.atomic import make_folder
from gardener_core.system.interrupts import Interruptible
from gardener_core.system.places import Places

FORMATS = ("peft", "gguf-lora", "gguf", "bundle")
MEASURE = "formats"  # nothing is given out, each is measured
Work = Generator[Event, str | None, None]
Written = Generator[Event, str | None, Fidelity]


def work(spec: ExportSpec, places: Places, folder: Path, interruptible: Interruptible) -> Work:
    """Write the files in the run's folder, measure them, then move them to where they go."""
    target = Path(spec.folder)
    box = open_box(folder)
    delivery = listed_delivery(folder)
    if delivery is None:
        subject = ExportSubject.of(spec, places, folder, interruptible)
        if spec.format == MEASURE:
            yield from _formats(subject, box)
            return
        if subject.adapter.caveat:
            yield Noted(f"{spec.version} has not passed the gate: {subject.adapter.caveat}.")
        fidelity = yield from _written(subject, box)
        yield PhaseAdvanced("saving")
        with interruptible:
            delivery = delivery_of(box, target, folder, fidelity)
    yield from deliver(delivery, box, target, folder, interruptible)
    drop_sources(folder)
    yield delivery


def _written(subject: ExportSubject, box: Path) -> Generator[Event, str | None, Fidelity | None]:
    match subject.spec.format:
        case "peft":
            write_peft(subject, box)
            return None
        case "gguf-lora":
            return (yield from _adapter(subject, box))
        case "gguf":
            return (yield from _merged(subject, box))
        case "bundle":
            return (yield from _bundle(subject, make_folder(box / f"{subject.name}.bundle")))
        case _:
            raise BadInput(
                f"The format {subject.spec.format!r} is not known.",
                hint=f"Choose one of {', '.join(FORMATS)}.",
            )


def _adapter(subject: ExportSubject, box: Path) -> Written:
    base = subject.base
    yield Noted(f"Writing {base.name} and {subject.spec.version}, then comparing them with PEFT.")
    if base.format == "gguf":
        yield Noted(f"It goes with {base.gguf}, sha256 {base.sha256}.")
    yield from make_training_folder(base, subject.interruptible)
    base_gguf = yield from write_base(subject)
    if base.format != "gguf":
        base_gguf = yield from copy_base(subject, base_gguf, box / f"{base.name}.f32.gguf")
    quant: LoraQuant = "f16" if subject.spec.quant == "f16" else "f32"
    path = box / f"{base.name}-{subject.spec.version}.lora.gguf"
    lora = yield from write_lora(subject, path, quant)
    exported = ExportedFiles(base_gguf, lora)
    form: Form = "lora-f16" if quant == "f16" else "lora-f32"
    return (yield from certify(subject, base_gguf, exported, form))


def _merged(subject: ExportSubject, box: Path) -> Written:
    quant = quant_named(subject.spec.quant or "q8_0")
    yield Noted(f"Writing {subject.name} as {quant}, then comparing it with what was trained.")
    yield from make_training_folder(subject.base, subject.interruptible)
    base_gguf = yield from write_base(subject)
    path = box / f"{subject.name}.{quant}.gguf"
    merged = yield from write_merged(subject, base_gguf, path, quant)
    return (yield from certify(subject, base_gguf, ExportedFiles(merged), quant))


def _formats(subject: ExportSubject, box: Path) -> Work:
    """Write and measure the model in each format, and keep the figures alone."""
    yield from make_training_folder(subject.base, subject.interruptible)
    base_gguf = yield from write_base(subject)
    known = read_measured(subject.places, weights_digest(subject.files))
    for quant in ROUNDED:
        if quant in known:
            continue
        path = box / f"{subject.name}.{quant}.gguf"
        merged = yield from write_merged(subject, base_gguf, path, quant)
        fidelity = yield from measure_once(subject, base_gguf, ExportedFiles(merged), quant)
        merged.unlink()
        yield Exported((), fidelity)
    drop_sources(subject.folder)


def _bundle(subject: ExportSubject, folder: Path) -> Written:
    """The base with its adapter beside it, or merged where a format of numbers was chosen."""
    yield Noted(f"Writing {folder.name}, then comparing its model with what was trained.")
    yield from make_training_folder(subject.base, subject.interruptible)
    base_gguf = yield from write_base(subject)
    with subject.interruptible:
        copy_adapter(subject, folder)
    if subject.spec.quant:
        quant, adapter, weights = quant_named(subject.spec.quant), "", ""
        model = f"{subject.name}.{quant}.gguf"
        merged = yield from write_merged(subject, base_gguf, folder / model, quant)
        fidelity = yield from certify(subject, base_gguf, ExportedFiles(merged), quant)
    else:
        model, adapter = base_gguf.name, f"{PEFT}/{GGUF}"
        weights = model if subject.base.format == "gguf" else BASE
        if weights == BASE:
            yield from copy_weights(subject, folder)
        yield from copy_model(subject, base_gguf, folder / model)
        files = ExportedFiles(folder / model, folder / adapter)
        fidelity = yield from certify(subject, base_gguf, files, "lora-f32")
    yield from copy_index(subject, folder)
    yield from finish_bundle(subject, folder, model, adapter, weights)
    return fidelity
