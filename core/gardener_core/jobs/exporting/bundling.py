"""Fill the folder of a bundle."""

import contextlib
import shutil
import sqlite3
import time
from collections.abc import Generator, Iterator
from pathlib import Path

from gardener_core.errors import Damaged
from gardener_core.events.run import Noted, PhaseAdvanced
from gardener_core.events.union import Event
from gardener_core.export.bundle import script
from gardener_core.export.bundle.manifest import (
    BUNDLE,
    FORMAT,
    Bundle,
    BundleFile,
    MemoryForecast,
    files_under,
    write_bundle,
)
from gardener_core.jobs.exporting.subject import ExportSubject
from gardener_core.models.needs import forecast_of
from gardener_core.store.garden.adapter_files import GGUF
from gardener_core.store.manifest import MANIFEST, read_manifest
from gardener_core.system.files.atomic import make_folder, writing_aside
from gardener_core.system.interrupts import Interruptible
from gardener_core.system.locks import locked_if_free
from gardener_core.system.pace import Pace
from gardener_core.system.versions import installed_version

BASE = "base"
PEFT, INDEX, CATALOG, RUN, README = "adapter", "index", "catalog.db", "run.py", "README.txt"
PROGRAM = "codebase-gardener"
_PART = 1 << 23
_ENDINGS = (".safetensors", ".json", ".jinja", ".txt", ".model")
_POLL_SECONDS = 0.25
Filling = Generator[Event, str | None, None]


def copy_model(subject: ExportSubject, source: Path, target: Path) -> Filling:
    """Copy the file of the base, unless an earlier attempt did."""
    make_folder(target.parent)
    if target.exists():
        return
    whole, done, pace = source.stat().st_size, 0, Pace()
    with source.open("rb") as read, writing_aside(target) as new, new.open("wb") as written:
        while True:
            with subject.interruptible:
                part = read.read(_PART)
                written.write(part)
            if not part:
                return
            done += len(part)
            if pace.is_due():
                yield PhaseAdvanced("writing", done, whole, "bytes")


def copy_adapter(subject: ExportSubject, folder: Path) -> None:
    """Copy every file that belongs to the version, its card among them."""
    target = make_folder(folder / PEFT)
    for name in sorted(path.name for path in subject.files.iterdir() if path.is_file()):
        if not name.startswith("."):
            with writing_aside(target / name) as new:
                shutil.copyfile(subject.files / name, new)
    if GGUF not in read_manifest(target) or not (target / GGUF).is_file():
        raise Damaged(f"The version lacks its {GGUF}.", hint="Repair the project first.")


def copy_weights(subject: ExportSubject, folder: Path) -> Filling:
    """Copy the folder of a base, where it was given as one: its GGUF has other bytes."""
    target = make_folder(folder / BASE)
    for path in sorted(subject.base.folder.iterdir()):
        if path.is_file() and path.suffix in _ENDINGS and path.name != MANIFEST:
            yield from copy_model(subject, path, target / path.name)


def copy_index(subject: ExportSubject, folder: Path) -> Filling:
    """Copy the index and what it is an index of, while no run changes them."""
    index = subject.places.index(subject.project.id)
    if not index.is_dir():
        yield Noted("The project is not indexed, so the bundle has no index.")
        return
    said = False
    while True:
        with locked_if_free(subject.places.write_lock(subject.project.id)) as is_free:
            if is_free:
                with subject.interruptible:
                    _copy_index(subject, index, folder)
                return
        if not said:
            yield Noted("The index is being changed; this run waits for it.")
            said = True
        yield PhaseAdvanced("looking")
        with subject.interruptible:
            time.sleep(_POLL_SECONDS)


def _copy_index(subject: ExportSubject, index: Path, folder: Path) -> None:
    shutil.rmtree(folder / INDEX, ignore_errors=True)
    shutil.copytree(index, folder / INDEX)
    catalog = subject.places.catalog(subject.project.id)
    (folder / CATALOG).unlink(missing_ok=True)
    with (
        contextlib.closing(sqlite3.connect(f"file:{catalog}?mode=ro", uri=True)) as kept,
        contextlib.closing(sqlite3.connect(folder / CATALOG)) as copy,
    ):
        kept.backup(copy)


def finish_bundle(
    subject: ExportSubject, folder: Path, model: str, adapter: str, weights: str
) -> Generator[Event, str | None, None]:
    """Add the program that runs it and the words for people, then list every file."""
    need = forecast_of(subject.base, folder / model)
    memory = MemoryForecast(need.fixed_bytes, need.bytes_a_token)
    run = Path(script.__file__).read_bytes()
    (folder / RUN).write_bytes(run)
    (folder / README).write_text(_words(subject, folder / model, memory, adapter), "utf-8")
    (folder / BUNDLE).unlink(missing_ok=True)
    files = yield from _files(folder, subject.interruptible)
    write_bundle(
        folder,
        Bundle(
            format=FORMAT,
            program=installed_version(PROGRAM),
            made=time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
            project=subject.project.name,
            version=subject.adapter.version,
            caveat=subject.adapter.caveat,
            base=subject.base.name,
            base_sha256=subject.base.sha256,
            model=model,
            adapter=adapter,
            weights=weights,
            peft=PEFT,
            index=INDEX if (folder / INDEX).is_dir() else "",
            memory=memory,
            files=files,
        ),
    )


def _files(
    folder: Path, interruptible: Interruptible
) -> Generator[PhaseAdvanced, str | None, tuple[BundleFile, ...]]:
    read: Iterator[BundleFile] = files_under(folder)
    files: list[BundleFile] = []
    while True:
        yield PhaseAdvanced("verifying", len(files), 0, "files")
        with interruptible:
            file = next(read, None)
        if file is None:
            return tuple(files)
        files.append(file)


def _words(subject: ExportSubject, model: Path, memory: MemoryForecast, adapter: str) -> str:
    beside = f" with {adapter} beside it" if adapter else ", the adapter merged in"
    caveat = subject.adapter.caveat
    gate = f"has not passed the gate: {caveat}" if caveat else "has passed the gate"
    contexts = (2048, min(8192, subject.base.context))
    forecast = ", ".join(
        f"{memory.of(context) / 1e6:,.0f} MB with {context:,} tokens of context"
        for context in sorted(set(contexts))
    )
    return f"""{subject.project.name}, adapter {subject.adapter.version} on {subject.base.name}

Model: {model.name}{beside}. The adapter {gate}.
How it compares with what was trained stands in the file that ends in .fidelity.json, what the
adapter is worth in {PEFT}/card.md, where it was measured.

Run it, with Python and the package xllamacpp, without any network:
    python {RUN} "def parse_args("
Memory, as forecast for llama.cpp: {forecast}.

Take it into another garden; every file is held against its sha256 first, and nothing of it runs:
    gardener import FOLDER --code PATH-OF-THE-CODE

{BUNDLE} lists every file with its sha256. {MANIFEST} in {PEFT}/ does for the adapter alone.
"""
