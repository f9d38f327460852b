"""List a folder's files with their digests."""

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
    """A file as it was written; only if its time differs, its bytes are read."""

    bytes: int
    sha256: str
    changed_ns: int


def digest_of(path: Path) -> FileDigest:
    """A file as it is now."""
    status = path.stat()
    return FileDigest(status.st_size, _digest(path), status.st_mtime_ns)


def write_manifest(folder: Path) -> None:
    """Record every file of a folder that has just been filled."""
    names = sorted(path.name for path in folder.iterdir() if path.is_file())
    _write(folder, {name: digest_of(folder / name) for name in names if name != MANIFEST})


def record_file(folder: Path, name: str) -> None:
    """Record one file that was made, or made again, in a folder."""
    _write(folder, {**read_manifest(folder), name: digest_of(folder / name)})


def read_manifest(folder: Path) -> dict[str, FileDigest]:
    """The recorded files of a folder; none if the manifest cannot be read."""
    try:
        fields = read_object(folder / MANIFEST)
        return {name: rebuild(FileDigest, values) for name, values in fields.items()}
    except (OSError, ValueError, TypeError):
        return {}


def fault_in(folder: Path, name: str, recorded: FileDigest | None, *, thorough: bool) -> str:
    """What is wrong with a file; empty if it is as it was written.

    Size and time are compared first; the bytes are read if the time differs or if `thorough`.
    """
    path = folder / name
    try:
        status = path.stat()
        if recorded is None:
            return length_problem(path) if path.suffix == ".safetensors" else ""
        if status.st_size != recorded.bytes:
            return f"{name} has {status.st_size:,} of {recorded.bytes:,} bytes"
        if (thorough or status.st_mtime_ns != recorded.changed_ns) and _digest(
            path
        ) != recorded.sha256:
            return f"{name} is not as it was written"
    except FileNotFoundError:
        return f"{name} is missing"
    except OSError as problem:
        return f"{name} cannot be read: {problem.strerror or problem}"
    return ""


def length_problem(path: Path) -> str:
    """What is wrong with a safetensors file's own account of its length."""
    try:
        with open_regular(path) as file:
            length = int.from_bytes(file.read(8), "little")
            if not 2 <= length <= _LARGEST_HEADER:
                return f"{path.name} does not start like a safetensors file"
            header = json.loads(file.read(length))
            ends = [
                part["data_offsets"][1] for key, part in header.items() if key != "__metadata__"
            ]
            size = file.seek(0, 2)
    except OSError as problem:
        return f"{path.name} cannot be read: {problem.strerror or problem}"
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError):
        return f"{path.name} has a header that cannot be read"
    expected = 8 + length + max((end for end in ends if type(end) is int), default=0)
    return "" if size == expected else f"{path.name} has {size:,} of {expected:,} bytes"


def _digest(path: Path) -> str:
    with open_regular(path) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _write(folder: Path, recorded: dict[str, FileDigest]) -> None:
    fields = {name: dataclasses.asdict(item) for name, item in sorted(recorded.items())}
    write_whole(folder / MANIFEST, json.dumps(fields, indent=1).encode(), durable=True)
