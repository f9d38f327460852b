"""Export adapters for other programs."""

import time
from dataclasses import dataclass
from pathlib import Path

from gardener_core.errors import BadInput
from gardener_core.events.parts import Fidelity
from gardener_core.garden.run_specs import new_run_id
from gardener_core.garden.runs import Runs
from gardener_core.jobs.spec import ExportSpec
from gardener_core.models.gguf.quants import QUANTS, Quant, quant_named
from gardener_core.models.needs import (
    merged_bytes,
    require_export_room,
    served_bytes,
    serving_need,
)
from gardener_core.models.store import ModelStore
from gardener_core.store.garden.adapter_files import GGUF, require_whole
from gardener_core.store.garden.adapters import AdapterTable
from gardener_core.store.garden.audit import AuditLog
from gardener_core.store.garden.projects import Project
from gardener_core.store.garden.runs import Run
from gardener_core.store.garden.versions.measured import read_measured, weights_digest
from gardener_core.system.files.atomic import recover_folder
from gardener_core.system.places import Places
from gardener_core.system.terminal_text import clean_line

FORMATS = ("peft", "gguf-lora", "gguf", "bundle")
LORA_QUANTS = ("f32", "f16")
DEFAULT_QUANT: Quant = "q8_0"
CONTEXT = 2048  # tokens that the memory is told for
MEASURE = "formats"
LONGEST_REASON = 200


@dataclass(frozen=True, slots=True)
class FormatOffer:
    """A format that an adapter can be exported in: its size and memory, and what was measured."""

    format: str
    quant: str
    bytes: int
    memory_bytes: int
    fidelity: Fidelity | None = None


class Exports:
    """What is asked of an export, checked before it starts."""

    def __init__(self, places: Places, runs: Runs, adapters: AdapterTable, audit: AuditLog) -> None:
        self._places = places
        self._runs = runs
        self._adapters = adapters
        self._audit = audit
        self._models = ModelStore(places)

    def formats(self, project: Project, version: str) -> list[FormatOffer]:
        """Every format with what it takes, and what it was measured to lose on held-out files."""
        adapter = self._adapters.get(project.id, version)
        files = self._places.adapters(project.id) / version
        measured = read_measured(self._places, weights_digest(files))
        offers = [FormatOffer("peft", "", adapter.bytes, 0)]
        if not self._models.has(adapter.base):
            return offers
        base = self._models.get(adapter.base)
        small = (files / GGUF).stat().st_size if (files / GGUF).is_file() else adapter.bytes
        served = serving_need(base).of(CONTEXT)
        for quant in LORA_QUANTS:
            size = small if quant == "f32" else small // 2
            found = measured.get(f"lora-{quant}")
            offers.append(FormatOffer("gguf-lora", quant, size, served + size, found))
        for merged in QUANTS:
            size = merged_bytes(base, merged)
            memory = size + serving_need(base).of(CONTEXT) - served_bytes(base)
            offers.append(FormatOffer("gguf", merged, size, memory, measured.get(merged)))
        offers.append(FormatOffer("bundle", "", served_bytes(base) + adapter.bytes, served))
        return offers

    def measure(self, project: Project, version: str) -> Run:
        """Measure every format of few bits that was not measured; nothing is given out."""
        adapter = self._adapters.get(project.id, version)
        require_whole(self._places.adapters(project.id) / version, version, project.name)
        base = self._models.get(adapter.base)
        require_export_room(base, "q8_0", self._places.data, self._places.data)
        spec = ExportSpec(new_run_id(), time.time(), project.id, version, MEASURE, "")
        return self._runs.start(spec)

    def folder_of(self, project: Project) -> Path:
        """Where an export goes if nobody says where."""
        return self._places.written / "exports" / project.name

    def start(
        self,
        project: Project,
        version: str,
        format: str,
        folder: Path,
        *,
        quant: str = "",
        reason: str = "",
    ) -> Run:
        """Write an adapter whose files are whole; one that loses too much needs a reason."""
        adapter = self._adapters.get(project.id, version)
        if format not in FORMATS:
            raise BadInput(
                f"{format!r} is not a format.", hint=f"Choose one of {', '.join(FORMATS)}."
            )
        chosen = _numbers(format, quant)
        files = self._places.adapters(project.id) / version
        target = folder.expanduser().absolute()
        if recover_folder(files):  # a folder that is gone is reported by the run
            require_whole(files, version, project.name, thorough=True)
        if format != "peft" and self._models.has(adapter.base):
            base = self._models.get(adapter.base)
            merged = None if format == "gguf-lora" else chosen
            whole = format == "bundle" and merged is None
            require_export_room(base, merged, target, self._places.data, copies_base=whole)
        said = clean_line(reason).strip()[:LONGEST_REASON]
        spec = ExportSpec(
            run=new_run_id(),
            created=time.time(),
            project=project.id,
            version=version,
            format=format,
            folder=str(target),
            quant=chosen or "",
            reason=said,
        )
        run = self._runs.start(spec)
        if said:
            self._audit.record("export loss accepted", project.id, f"run {run.id}: {said}")
        return run


def _numbers(format: str, quant: str) -> Quant | None:
    """The format of numbers that a format of files is written in."""
    match format:
        case "gguf":
            return quant_named(quant) if quant else DEFAULT_QUANT
        case "bundle":
            return quant_named(quant) if quant else None
        case "gguf-lora" if not quant or quant.lower() in LORA_QUANTS:
            return quant_named(quant or "f32")
        case "gguf-lora":
            raise BadInput(
                f"An adapter is not written as {quant}.",
                hint=f"Choose one of {', '.join(LORA_QUANTS)}, or --format gguf.",
            )
        case _ if quant:
            raise BadInput(f"{format} has no format of numbers to choose.", hint="")
        case _:
            return None
