"""The files that we wrote into a folder, with their digests."""

import dataclasses
import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from gardener_core.system.files.atomic import write_whole
from gardener_core.system.files.regular import open_regular, read_object
from gardener_core.system.records import rebuild

MANIFEST = "files.json"
_LARGEST_HEADER = 100_000_000


@dataclass(frozen=True, slots=True)
class FileDigest:
    """A file as it was written; a time that differs costs a look at the bytes."""

    bytes: int
    sha256: str
    changed_ns: int


def write_manifest(folder: Path) -> None:
    """Note every file of a folder that has just been filled."""
    names = sorted(path.name for path in folder.iterdir() if path.is_file())
    _write(folder, {name: _noted(folder / name) for name in names if name != MANIFEST})


def note_file(folder: Path, name: str) -> None:
    """Note one file that was made, or made again, in a folder."""
    _write(folder, {**read_manifest(folder), name: _noted(folder / name)})


def read_manifest(folder: Path) -> dict[str, FileDigest]:
    """What is noted of a folder; one that cannot be read says nothing."""
    try:
        fields = read_object(folder / MANIFEST)
        return {name: rebuild(FileDigest, told) for name, told in fields.items()}
    except (OSError, ValueError, TypeError):
        return {}


def fault_in(folder: Path, name: str, noted: FileDigest | None, *, thorough: bool) -> str:
    """What is wrong with a file; nothing where it is as it was written.

    Size and time tell quickly; the bytes are read where the time differs, or to be thorough.
    """
    path = folder / name
    try:
        found = path.stat()
        if noted is None:
            return cut_short(path) if path.suffix == ".safetensors" else ""
        if found.st_size != noted.bytes:
            return f"{name} has {found.st_size:,} of {noted.bytes:,} bytes"
        if (thorough or found.st_mtime_ns != noted.changed_ns) and _digest(path) != noted.sha256:
            return f"{name} is not as it was written"
    except FileNotFoundError:
        return f"{name} is missing"
    except OSError as problem:
        return f"{name} cannot be read: {problem.strerror or problem}"
    return ""


def cut_short(path: Path) -> str:
    """What a safetensors file says of its own length, where that is not what it has."""
    try:
        with open_regular(path) as file:
            length = int.from_bytes(file.read(8), "little")
            if not 2 <= length <= _LARGEST_HEADER:
                return f"{path.name} does not begin as a safetensors file"
            header = json.loads(file.read(length))
            ends = [
                part["data_offsets"][1] for key, part in header.items() if key != "__metadata__"
            ]
            size = file.seek(0, 2)
    except OSError as problem:
        return f"{path.name} cannot be read: {problem.strerror or problem}"
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError):
        return f"{path.name} has a header that cannot be read"
    wanted = 8 + length + max((end for end in ends if type(end) is int), default=0)
    return "" if size == wanted else f"{path.name} has {size:,} of {wanted:,} bytes"


def _noted(path: Path) -> FileDigest:
    found = path.stat()
    return FileDigest(found.st_size, _digest(path), found.st_mtime_ns)


def _digest(path: Path) -> str:
    with open_regular(path) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _write(folder: Path, noted: dict[str, FileDigest]) -> None:
    fields = {name: dataclasses.asdict(item) for name, item in sorted(noted.items())}
    write_whole(folder / MANIFEST, json.dumps(fields, indent=1).encode(), durable=True)
