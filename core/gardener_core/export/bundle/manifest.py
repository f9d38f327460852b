"""What a bundle holds, with the sha256 of every file."""

import dataclasses
import hashlib
import json
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from gardener_core.errors import BadInput, Damaged, FromNewerVersion
from gardener_core.system.files.atomic import write_whole
from gardener_core.system.files.regular import open_regular, read_object
from gardener_core.system.records import rebuild
from gardener_core.system.terminal_text import is_safe

BUNDLE = "bundle.json"
FORMAT = 1
MOST_FILES, LARGEST_BYTES = 20_000, 1_000_000_000_000
_PART = 1 << 22
LONGEST_PATH = 400


@dataclass(frozen=True, slots=True)
class BundleFile:
    """A file by its path in the bundle."""

    path: str
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class MemoryForecast:
    """What the model takes in llama.cpp: fixed, and for each token of context."""

    fixed_bytes: int
    bytes_a_token: int

    def of(self, context: int) -> int:
        """With so many tokens of context."""
        return self.fixed_bytes + context * self.bytes_a_token


@dataclass(frozen=True, slots=True)
class Bundle:
    """A project's model, adapter and index as files.

    `model` is the base with an `adapter` beside it, or has the adapter in it where that is empty.
    `weights` is what another garden has as the base: that file, or a transformers folder; empty
    where it has the adapter in it. `peft` is the folder of the adapter as PEFT loads it, `index`
    that of the index, empty for none.
    """

    format: int
    program: str
    made: str
    project: str
    version: str
    caveat: str
    base: str
    base_sha256: str
    model: str
    adapter: str
    weights: str
    peft: str
    index: str
    memory: MemoryForecast
    files: tuple[BundleFile, ...]


def files_under(folder: Path) -> Iterator[BundleFile]:
    """Every file of a folder with its digest, one after the other."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            with open_regular(path) as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
            name = path.relative_to(folder).as_posix()
            yield BundleFile(name, path.stat().st_size, digest)


def write_bundle(folder: Path, bundle: Bundle) -> None:
    """Write the list of a bundle, once all its files are there."""
    fields = json.dumps(dataclasses.asdict(bundle), indent=1)
    write_whole(folder / BUNDLE, fields.encode(), durable=True)


def read_bundle(folder: Path) -> Bundle:
    """The list of a bundle; what is no bundle, or names files outside of it, is refused."""
    if not (folder / BUNDLE).is_file():
        raise BadInput(
            f"{folder} is no bundle: it has no {BUNDLE}.",
            hint="A bundle is written with --format bundle.",
        )
    try:
        fields = read_object(folder / BUNDLE)
        if type(fields.get("format")) is int and fields["format"] > FORMAT:
            raise FromNewerVersion(
                f"{folder} was written by a newer version of this program.",
                hint="Install that version.",
            )
        bundle: Bundle = rebuild(Bundle, fields)
    except (OSError, ValueError, TypeError, KeyError) as problem:
        raise Damaged(
            f"The list of {folder} cannot be read: {problem}.", hint="Copy the bundle again."
        ) from None
    wrong = _problem(bundle)
    if wrong:
        raise Damaged(f"{folder} is not taken: {wrong}.", hint="Write the bundle again.")
    return bundle


def check_files(folder: Path, files: Sequence[BundleFile]) -> Iterator[tuple[int, int]]:
    """Hold every file against its sha256; yields how many bytes of how many are read."""
    whole, done = sum(file.bytes for file in files), 0
    root = folder.resolve()
    for file in files:
        digest = hashlib.sha256()
        for part in _parts(root, file):
            digest.update(part)
            done += len(part)
            yield done, whole
        if digest.hexdigest() != file.sha256:
            raise _damaged(file.path, "other bytes than were written")


def _parts(root: Path, file: BundleFile) -> Iterator[bytes]:
    place = root / file.path
    if place.resolve() != place:
        raise _damaged(file.path, "a link")
    try:
        if not stat.S_ISREG(place.lstat().st_mode) or place.lstat().st_size != file.bytes:
            raise _damaged(file.path, "another size than was written")
        with open_regular(place) as opened:
            rest = file.bytes
            while part := opened.read(min(_PART, rest)):
                rest -= len(part)
                yield part
    except FileNotFoundError:
        raise Damaged(f"{file.path} is missing.", hint="Copy the bundle again.") from None
    except OSError as problem:
        raise _damaged(file.path, f"no bytes ({problem.strerror})") from None


def _problem(bundle: Bundle) -> str:
    """What is wrong with a list; empty where nothing is."""
    names = [file.path for file in bundle.files]
    if len(names) > MOST_FILES or sum(file.bytes for file in bundle.files) > LARGEST_BYTES:
        return "it lists too much"
    if len(set(names)) != len(names):
        return "it lists a file twice"
    for file in bundle.files:
        if not _is_inside(file.path) or file.bytes < 0:
            return f"it lists {file.path[:60]!r}"
    if bundle.model not in names:
        return "it does not list its model"
    if bundle.adapter and bundle.adapter not in names:
        return "it does not list its adapter"
    folders = (bundle.weights, bundle.peft, bundle.index)
    return next((f"it names {one[:60]!r}" for one in folders if one and not _is_inside(one)), "")


def _is_inside(name: str) -> bool:
    path = PurePosixPath(name)
    plain = 0 < len(name) <= LONGEST_PATH and is_safe(name) and "\\" not in name
    return plain and not path.is_absolute() and name == str(path) and ".." not in path.parts


def _damaged(name: str, why: str) -> Damaged:
    return Damaged(f"{name} of the bundle has {why}.", hint="Copy the bundle again.")
