"""Bring adapters in from elsewhere, and take them out."""

import json
import secrets
import shutil
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from gardener_core.errors import BadInput, DiskFull, ModelUnfit
from gardener_core.garden.run_specs import own_base
from gardener_core.models.identity import read_identity, require_base
from gardener_core.models.model import BaseModel
from gardener_core.models.store import ModelStore
from gardener_core.store.database import Database
from gardener_core.store.garden.adapter_files import CONFIG, WEIGHTS, require_whole
from gardener_core.store.garden.adapters import Adapter, AdapterTable
from gardener_core.store.garden.audit import AuditLog
from gardener_core.store.garden.projects import Project, ProjectTable
from gardener_core.store.garden.versions.record import (
    PROGRAM,
    AdapterRecord,
    counted,
    installed_libraries,
    write_record,
)
from gardener_core.store.garden.versions.safetensors_header import read_safetensors_header
from gardener_core.store.manifest import MANIFEST, read_manifest, write_manifest
from gardener_core.system.files.atomic import (
    bytes_under,
    make_folder,
    staging,
    swap_folder,
    writing_aside,
)
from gardener_core.system.files.faults import translated_os_errors
from gardener_core.system.files.regular import open_regular, read_object
from gardener_core.system.places import Places
from gardener_core.system.processes.start import python_command, run
from gardener_core.system.terminal_text import clean_line
from gardener_core.system.versions import installed_version

LARGEST_CONFIG, LARGEST_WEIGHTS = 1_000_000, 4_000_000_000
SPARE_BYTES = 100_000_000
SECONDS = 900.0  # a large base may have to be made ready first
_NUMBERS = frozenset({"F32", "F16", "BF16"})
_PICKLES = ("*.bin", "*.pt", "*.pth", "*.pkl", "*.ckpt")
_CODE = "from gardener_core.export.foreign_adapter import main; main()"


class AdapterExchange:
    """Takes PEFT folders in as versions, checked, and gives versions out as PEFT folders."""

    def __init__(self, places: Places, database: Database) -> None:
        self._places = places
        self._models = ModelStore(places)
        self._table = AdapterTable(database)
        self._projects = ProjectTable(database)
        self._audit = AuditLog(database)

    def bring_in(self, project: Project, folder: Path, base: str = "") -> Adapter:
        """Take a PEFT folder in as a new version, which was not measured.

        It has to be a plain LoRA in safetensors that fits the base: the one that is named, else the
        one that the adapter names, else the project's. Its files are copied, never run.
        """
        with translated_os_errors(folder):
            config = _checked(folder)
            chosen = self._base(project, config, base)
            if read_identity(folder) is not None:
                require_base(folder, folder.name, chosen)
            return self._take(project, folder, config, chosen)

    def take_out(self, project: Project, adapter: Adapter, target: Path) -> list[Path]:
        """Copy every file of a version into a folder, and check each copy; their paths."""
        source = self._places.adapters(project.id) / adapter.version
        require_whole(source, adapter.version, project.name, thorough=True)
        with translated_os_errors(target):
            make_folder(target)
            listed = {*read_manifest(source), CONFIG, WEIGHTS, MANIFEST}
            names = sorted(name for name in listed if (source / name).is_file())
            for name in names:
                with writing_aside(target / name) as new:
                    shutil.copyfile(source / name, new)
            require_whole(target, adapter.version, project.name, thorough=True)
        self._audit.record("adapter taken out", project.id, f"{adapter.version} to {target}")
        return [target / name for name in names]

    def _base(self, project: Project, config: Mapping[str, Any], named: str) -> BaseModel:
        made_for = _made_for(config)
        if named or not self._models.has(made_for):
            name = named or own_base(project)
            if not name:
                raise BadInput(
                    f"This adapter names {made_for or 'no base'}, and no such base is here.",
                    hint="Name the base that it was trained on by --base.",
                )
            return self._models.get(name)
        return self._models.get(made_for)

    def _take(
        self, project: Project, folder: Path, config: Mapping[str, Any], base: BaseModel
    ) -> Adapter:
        versions = make_folder(self._places.adapters(project.id))
        size = (folder / WEIGHTS).stat().st_size
        free = shutil.disk_usage(versions).free
        if free < 3 * size + SPARE_BYTES:
            raise DiskFull(f"There is too little space for {size:,} bytes.", hint="Free some.")
        new = staging(versions / f"incoming-{secrets.token_hex(4)}")
        try:
            for name, most in ((CONFIG, LARGEST_CONFIG), (WEIGHTS, LARGEST_WEIGHTS)):
                _copy(folder / name, new / name, most)
            _header_problem(new / WEIGHTS)
            self._hold_against(new, base)
            version = self._free_version(project)
            record = self._record(version, folder, config, base, new)
            write_record(new, counted(record, new))
            write_manifest(new)
            swap_folder(new, versions / version)
        finally:
            shutil.rmtree(new, ignore_errors=True)
        size = bytes_under(versions / version)
        adapter = self._table.register(project.id, version, base.name, "", size)
        self._audit.record("adapter brought in", project.id, f"{version} from {folder}")
        return adapter

    def _free_version(self, project: Project) -> str:
        """The next version that no folder has: one may have been put there by hand."""
        while True:
            version = self._projects.next_version(project.id)
            if not (self._places.adapters(project.id) / version).exists():
                return version

    def _hold_against(self, folder: Path, base: BaseModel) -> None:
        """Let another process read it, which loads what is heavy."""
        log = self._places.llama_log.with_name("llama.incoming.log")
        try:
            done = run(python_command(_CODE, str(folder), base.name, str(log)), SECONDS)
        except (OSError, subprocess.TimeoutExpired) as problem:
            raise ModelUnfit(f"It could not be checked: {problem}.", hint="Try again.") from None
        if done.returncode:
            raise _told(done.stdout)

    def _record(
        self, version: str, folder: Path, config: Mapping[str, Any], base: BaseModel, new: Path
    ) -> AdapterRecord:
        identity, model = read_identity(new), self._models.record(base.name)
        return AdapterRecord(
            version=version,
            origin="brought in",
            created=time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
            base=base.name,
            base_sha256=base.sha256,
            base_licence=model.licence if model else "",
            tokenizer=identity.tokens if identity else "",
            template=identity.template if identity else "",
            taken_from=clean_line(str(folder)),
            made_for=_made_for(config),
            program=installed_version(PROGRAM),
            libraries=installed_libraries(),
        )


def _checked(folder: Path) -> Mapping[str, Any]:
    """The config of a PEFT folder with the files of one; nothing but its headers is read."""
    if not folder.is_dir():
        raise BadInput(f"{folder} is not a folder.", hint=f"Give a PEFT folder with {WEIGHTS}.")
    if not (folder / WEIGHTS).is_file():
        pickles = sorted(path.name for end in _PICKLES for path in folder.glob(end))
        if pickles:
            raise BadInput(
                f"{folder} holds its weights as {pickles[0]}, a pickle: opening it could run a "
                "program.",
                hint="Save the adapter again as safetensors.",
            )
        raise BadInput(f"{folder} has no {WEIGHTS}.", hint="Give a PEFT folder.")
    try:
        config = read_object(folder / CONFIG, LARGEST_CONFIG)
    except (OSError, ValueError) as problem:
        raise BadInput(
            f"{folder / CONFIG} cannot be read: {problem}.", hint="Give a PEFT folder."
        ) from None
    _header_problem(folder / WEIGHTS)
    return config


def _header_problem(weights: Path) -> None:
    """Refuse a file that is no whole table of tensors of the usual numbers."""
    try:
        tensors = read_safetensors_header(weights)
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as problem:
        raise BadInput(
            f"{weights.name} is no whole safetensors file: {problem}.", hint="Save it again."
        ) from None
    odd = next((name for name, one in tensors.items() if one.dtype not in _NUMBERS), "")
    if odd:
        raise ModelUnfit(
            f"{clean_line(odd)} holds numbers of the kind {tensors[odd].dtype}.",
            hint=f"An adapter has {', '.join(sorted(_NUMBERS))}.",
        )


def _copy(source: Path, target: Path, most: int) -> None:
    """Copy a regular file that is not larger than expected."""
    if source.stat().st_size > most:
        raise BadInput(f"{source.name} has more than {most:,} bytes.", hint="Give an adapter.")
    with open_regular(source) as file, target.open("xb") as new:
        shutil.copyfileobj(file, new, 1 << 20)


def _made_for(config: Mapping[str, Any]) -> str:
    """The name of the base in an adapter's config, without its folder."""
    name = config.get("base_model_name_or_path")
    return clean_line(Path(name).name)[:200] if isinstance(name, str) else ""


def _told(output: bytes) -> ModelUnfit:
    """The error that the other process has told."""
    try:
        fields = json.loads(output.splitlines()[-1])
        return ModelUnfit(str(fields["what"]), hint=str(fields["hint"]))
    except (ValueError, LookupError, TypeError):
        return ModelUnfit(
            "The process that reads the adapter ended without a word.", hint="Try again."
        )
