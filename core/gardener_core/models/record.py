"""The record of a base model that was added."""

import dataclasses
import json
from dataclasses import dataclass
from pathlib import Path

from gardener_core.models.model import Format
from gardener_core.store.manifest import FileDigest
from gardener_core.system.files.atomic import make_folder, write_whole
from gardener_core.system.files.regular import read_object
from gardener_core.system.records import rebuild

RECORD = "model.json"
RECORD_FORMAT = 1


@dataclass(frozen=True, slots=True)
class ModelFile:
    """A file of a model; `path` is where its bytes are, if they are not kept by us.

    Only if its time differs from `changed_ns`, its bytes are read to check it.
    """

    name: str
    sha256: str
    bytes: int
    changed_ns: int = 0
    path: str = ""

    @property
    def digest(self) -> FileDigest:
        """As a manifest has it."""
        return FileDigest(self.bytes, self.sha256, self.changed_ns)


@dataclass(frozen=True, slots=True)
class ModelRecord:
    """A base model: its files, and what their headers say; the first file holds the weights."""

    name: str
    source: str
    format: Format
    architecture: str
    context: int
    files: tuple[ModelFile, ...]
    role: str = "base"
    licence: str = ""


def read_record(folder: Path) -> ModelRecord:
    """The record in a model's folder; an OSError, ValueError or TypeError if it is unreadable."""
    fields = read_object(folder / RECORD)
    if fields.get("record_format") != RECORD_FORMAT:
        raise ValueError(f"its format is {fields.get('record_format')}")
    record: ModelRecord = rebuild(ModelRecord, fields)
    if not record.files:
        raise ValueError("it names no file")
    return record


def write_record(folder: Path, record: ModelRecord) -> None:
    """Write the record of a model, atomically."""
    fields = {"record_format": RECORD_FORMAT, **dataclasses.asdict(record)}
    write_whole(make_folder(folder) / RECORD, json.dumps(fields, indent=1).encode(), durable=True)
