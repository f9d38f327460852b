"""Record how an adapter was made."""

import dataclasses
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from gardener_core.settings.schema import TrainingSettings
from gardener_core.store.garden.adapter_files import WEIGHTS
from gardener_core.store.garden.versions.safetensors_header import read_safetensors_header
from gardener_core.system.files.atomic import write_whole
from gardener_core.system.files.regular import read_object
from gardener_core.system.records import rebuild
from gardener_core.system.versions import installed_version

RECORD = "record.json"
FORMAT = 1
PROGRAM = "codebase-gardener"
LIBRARIES = ("torch", "transformers", "peft", "safetensors", "gguf", "xllamacpp")
Origin = Literal["trained", "brought in"]


@dataclass(frozen=True, slots=True)
class AdapterRecord:
    """What an adapter was made of, written once beside it; what is not known is empty.

    `base_sha256` is that of the weights of its base, `tokenizer` and `template` those of the ids of
    a probe text and of the chat template, `rows` that of the rows that it learned. `recipe` has the
    seed. `taken_from` is the folder that one was brought in from, `made_for` the base that it names
    there.
    """

    version: str
    origin: Origin
    created: str
    base: str
    base_sha256: str
    base_licence: str = ""
    tokenizer: str = ""
    template: str = ""
    parent: str = ""
    commit: str = ""
    rows: str = ""
    recipe: TrainingSettings | None = None
    parameters: int = 0
    weights_bytes: int = 0
    taken_from: str = ""
    made_for: str = ""
    program: str = ""
    libraries: tuple[str, ...] = ()
    format: int = FORMAT


def installed_libraries() -> tuple[str, ...]:
    """The libraries that make adapters here, each with its version."""
    versions = ((name, installed_version(name)) for name in LIBRARIES)
    return tuple(f"{name} {version}" for name, version in versions if version)


def counted(record: AdapterRecord, folder: Path) -> AdapterRecord:
    """A record with the size of the weights in this folder."""
    weights = folder / WEIGHTS
    tensors = read_safetensors_header(weights).values()
    return dataclasses.replace(
        record,
        parameters=sum(tensor.size for tensor in tensors),
        weights_bytes=weights.stat().st_size,
    )


def write_record(folder: Path, record: AdapterRecord) -> None:
    """Write the record of an adapter into its folder."""
    write_whole(folder / RECORD, json.dumps(dataclasses.asdict(record), indent=1).encode())


def read_record(folder: Path) -> AdapterRecord | None:
    """The record in an adapter's folder; None of an older program's, or one that is damaged."""
    try:
        record: AdapterRecord = rebuild(AdapterRecord, read_object(folder / RECORD))
    except (OSError, ValueError, TypeError):
        return None
    return record
