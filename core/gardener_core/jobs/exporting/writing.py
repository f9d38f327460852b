"""Write the files of an export into the folder of its run."""

import shutil
from collections.abc import Generator, Iterator
from pathlib import Path

from gardener_core.events.run import PhaseAdvanced
from gardener_core.export.lora import ADAPTER_CONFIG, ADAPTER_WEIGHTS, read_lora
from gardener_core.export.lora_gguf import LoraQuant, write_lora_gguf
from gardener_core.export.merging import merge_gguf
from gardener_core.jobs.exporting.subject import BOX, ExportSubject
from gardener_core.models.gguf.quants import Quant
from gardener_core.models.gguf.write import ensure_base_gguf
from gardener_core.system.files.atomic import make_folder, writing_aside
from gardener_core.system.interrupts import Interruptible
from gardener_core.system.pace import Pace

Writing = Generator[PhaseAdvanced, str | None, Path]


def open_box(folder: Path) -> Path:
    """The folder for what a run writes; what a killed attempt left half written is deleted."""
    box = make_folder(folder / BOX)
    for half in box.rglob(".*"):
        half.unlink()
    return box


def write_peft(subject: ExportSubject, box: Path) -> None:
    """Copy the adapter as any PEFT program loads it."""
    for name in (ADAPTER_CONFIG, ADAPTER_WEIGHTS):
        with writing_aside(box / name) as new:
            shutil.copyfile(subject.files / name, new)


def write_base(subject: ExportSubject) -> Writing:
    """The GGUF that the base is served from; a folder's is made where it is not there."""
    yield PhaseAdvanced("converting")
    with subject.interruptible:
        return ensure_base_gguf(subject.base)


def write_lora(subject: ExportSubject, path: Path, quant: LoraQuant) -> Writing:
    """The adapter as GGUF, unless an earlier attempt wrote it."""
    yield PhaseAdvanced("writing")
    if not path.exists():
        with subject.interruptible:
            write_lora_gguf(subject.files, subject.base.folder, path, quant)
    return path


def write_merged(subject: ExportSubject, base: Path, path: Path, quant: Quant) -> Writing:
    """The base with the adapter in it, unless an earlier attempt wrote it."""
    yield PhaseAdvanced("writing")
    if not path.exists():
        with subject.interruptible:
            lora = read_lora(subject.files, subject.base.folder)
        with writing_aside(path) as new:
            yield from _told(merge_gguf(base, new, quant, lora), subject.interruptible)
    return path


def copy_base(subject: ExportSubject, base: Path, path: Path) -> Writing:
    """The GGUF of a base that was made here, so that the adapter has its own beside it."""
    if not path.exists():
        with writing_aside(path) as new:
            yield from _told(merge_gguf(base, new, "f32"), subject.interruptible)
    return path


def _told(
    steps: Iterator[tuple[int, int]], interruptible: Interruptible
) -> Iterator[PhaseAdvanced]:
    """Tell how far a file is written, a few times a second."""
    pace = Pace()
    while True:
        with interruptible:
            step = next(steps, None)
        if step is None:
            return
        if pace.is_due():
            yield PhaseAdvanced("writing", step[0], step[1], "tensors")
