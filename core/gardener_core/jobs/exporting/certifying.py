"""Measure what an export run wrote, and refuse what is not faithful."""

import hashlib
import shutil
import time
from collections.abc import Generator
from pathlib import Path

from gardener_core.errors import ModelUnfit
from gardener_core.events.parts import Fidelity
from gardener_core.events.run import PhaseAdvanced
from gardener_core.export.fidelity.bounds import Form, judged, require
from gardener_core.export.fidelity.certificate import (
    Certificate,
    read_certificate,
    write_certificate,
)
from gardener_core.export.fidelity.measuring import PLACES, ExportedFiles, Trained, measure
from gardener_core.jobs.exporting.subject import BOX, ExportSubject
from gardener_core.models.gguf.quants import ROUNDED
from gardener_core.store.garden.adapter_files import WEIGHTS
from gardener_core.store.garden.versions.measured import keep_measured
from gardener_core.store.manifest import read_manifest
from gardener_core.system.files.regular import open_regular
from gardener_core.system.hardware import usable_cores
from gardener_core.system.versions import installed_version

# One percent of bits can be told from none only over more places.
ROUNDED_PLACES, FEW_PLACES = 2 * PLACES, 40
PROGRAM = "codebase-gardener"


def certify(
    subject: ExportSubject, base_gguf: Path, exported: ExportedFiles, form: Form
) -> Generator[PhaseAdvanced, str | None, Fidelity]:
    """Measure files once for a run, write the certificate beside them, and judge them."""
    fidelity = yield from measure_once(subject, base_gguf, exported, form)
    try:
        require(fidelity)
    except ModelUnfit:
        # Nobody wants a large file that is not given out.
        shutil.rmtree(subject.folder / BOX, ignore_errors=True)
        raise
    return fidelity


def measure_once(
    subject: ExportSubject, base_gguf: Path, exported: ExportedFiles, form: Form
) -> Generator[PhaseAdvanced, str | None, Fidelity]:
    """Measure files once for a run, write the certificate beside them, and keep the figures."""
    file = exported.lora or exported.gguf
    kept = read_certificate(file)
    if kept is not None:
        return kept.fidelity
    fidelity = yield from _measured(subject, base_gguf, exported, form)
    yield PhaseAdvanced("verifying")
    with subject.interruptible:
        certificate = _certificate(subject, file, fidelity)
        write_certificate(file.parent, certificate)
        keep_measured(subject.places, certificate.adapter_sha256, fidelity)
    return fidelity


def _measured(
    subject: ExportSubject, base_gguf: Path, exported: ExportedFiles, form: Form
) -> Generator[PhaseAdvanced, str | None, Fidelity]:
    texts = yield from subject.texts()
    fidelity = yield from measure(
        Trained(subject.base, subject.files, base_gguf),
        exported,
        texts,
        subject.folder / "llama.log",
        # Both sides take turns; threads that wait for each other crawl beside other work.
        max(1, usable_cores() // 2),
        subject.interruptible,
        *((ROUNDED_PLACES, FEW_PLACES) if form in ROUNDED else (PLACES, PLACES)),
    )
    return judged(fidelity, subject.base, form, subject.spec.reason)


def _certificate(subject: ExportSubject, file: Path, fidelity: Fidelity) -> Certificate:
    weights = read_manifest(subject.files).get(WEIGHTS)
    return Certificate(
        file=file.name,
        bytes=file.stat().st_size,
        sha256=digest_of_file(file),
        fidelity=fidelity,
        project=subject.project.name,
        adapter=subject.adapter.version,
        adapter_sha256=weights.sha256 if weights else "",
        base=subject.base.name,
        base_sha256=subject.base.sha256,
        made=time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        program=installed_version(PROGRAM),
        caveat=subject.adapter.caveat,
    )


def digest_of_file(path: Path) -> str:
    """The sha256 of a file, read piece by piece."""
    with open_regular(path) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
