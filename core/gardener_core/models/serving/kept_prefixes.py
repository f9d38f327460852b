"""Keep what an engine has read of each project's prompts."""

import hashlib
import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from weakref import WeakKeyDictionary

from gardener_core.errors import EngineLost
from gardener_core.models.serving.served import ServedModel
from gardener_core.system.files.atomic import make_folder

MOST_FILES = 24
MOST_BYTES = 500_000_000
FEWEST_TOKENS = 48  # fewer are read sooner than they are loaded
_ENDING = ".kv"
_NAME = re.compile(
    r"(?P<project>[^.]+)-[0-9a-f]{16}\.[0-9a-f]{16}\.kv|(?P<aside>\..+-[0-9a-f]{16}\.part)"
)


@dataclass(frozen=True, slots=True)
class Reader:
    """For whom a prompt is read: a project, with a base and an adapter, or the base alone.

    `base` and `adapter` are the sha256 of their weights.
    """

    project: str
    base: str
    adapter: str = ""

    @property
    def name(self) -> str:
        """The beginning of the name of its file."""
        weights = hashlib.sha256(f"{self.base} {self.adapter}".encode()).hexdigest()
        return f"{self.project}-{weights[:16]}"


@dataclass(frozen=True, slots=True)
class _LastRead:
    """What was read last in a place of an engine: for whom, with which adapters."""

    reader: Reader
    scales: tuple[float, ...]


class KeptPrefixes:
    """A file for each reader: what llama.cpp computed of its last prompt, so that it can go on.

    Reading 300 tokens takes seconds, and loading what came of them a hundredth of one. The files
    are bounded in number and bytes; one whose bytes have changed is not loaded.
    """

    def __init__(
        self,
        folder: Path,
        is_there: Callable[[str], bool],
        most_files: int = MOST_FILES,
        most_bytes: int = MOST_BYTES,
    ) -> None:
        """`is_there` says of a project whether it still exists; nothing is kept of others."""
        self._folder = folder
        self._is_there = is_there
        self._most_files = most_files
        self._most_bytes = most_bytes
        # By place: an engine reads with an adapter in one, without in another.
        self._readers: WeakKeyDictionary[ServedModel, dict[bool, _LastRead]] = WeakKeyDictionary()

    def holds(self, model: ServedModel, scales: Sequence[float], reader: Reader) -> bool:
        """Whether what the engine read last in this place was this reader's."""
        return self._places_of(model).get(any(scales)) == _LastRead(reader, tuple(scales))

    def release(self, model: ServedModel, scales: Sequence[float]) -> int:
        """Save what was read last in the place of these scales; how many tokens."""
        held = self._places_of(model).pop(any(scales), None)
        if held is None or not model.keeps_states or not self._is_there(held.reader.project):
            return 0
        aside = f".{held.reader.name}.part"
        with suppress(EngineLost, OSError):  # what is not kept is read again
            if make_folder(self._folder).is_symlink():
                return 0
            tokens = model.save_state(held.scales, aside)
            return tokens if self._enter(self._folder / aside, held.reader, tokens) else 0
        return 0

    def take(self, model: ServedModel, scales: Sequence[float], reader: Reader) -> int:
        """Load what this reader had read; how many tokens need not be read again.

        The engine has answered with these scales just before: see `ServedModel.load_state`.
        """
        self._places_of(model)[any(scales)] = _LastRead(reader, tuple(scales))
        file = self._whole_file(reader)
        if file is None or not model.keeps_states:
            return 0
        try:
            return model.load_state(scales, file.name)
        except EngineLost:  # as one that a newer llama.cpp cannot read
            with suppress(OSError):
                file.unlink(missing_ok=True)
            return 0

    def _places_of(self, model: ServedModel) -> "dict[bool, _LastRead]":
        return self._readers.setdefault(model, {})

    def _enter(self, aside: Path, reader: Reader, tokens: int) -> bool:
        """Put a saved file into its place, and remove what is too much; False for a short one."""
        if tokens < FEWEST_TOKENS:
            aside.unlink(missing_ok=True)
            return False
        file = self._folder / f"{reader.name}.{_digest(aside)}{_ENDING}"
        aside.rename(file)
        for old in self._files(reader.name):
            if old != file:
                old.unlink(missing_ok=True)
        self._bound()
        return True

    def _bound(self) -> None:
        files = sorted(self._files(), key=lambda one: one.stat().st_mtime_ns, reverse=True)
        total = 0
        for number, file in enumerate(files):
            total += file.stat().st_size
            if number and (number >= self._most_files or total > self._most_bytes):
                file.unlink(missing_ok=True)

    def _whole_file(self, reader: Reader) -> Path | None:
        """The reader's file, if every byte is as it was saved."""
        for file in self._files(reader.name):
            with suppress(OSError):
                if not file.is_symlink() and _digest(file) == file.suffixes[-2].removeprefix("."):
                    return file
            with suppress(OSError):
                file.unlink(missing_ok=True)
        return None

    def _files(self, beginning: str = "") -> list[Path]:
        return list(self._folder.glob(f"{beginning}*{_ENDING}"))


def delete_prefixes(folder: Path, project: str) -> None:
    """Delete what is kept of a project."""
    _delete(folder, lambda name: name == project)


def delete_orphans(folder: Path, is_there: Callable[[str], bool]) -> None:
    """Delete what is kept of projects that are gone, and what was not saved to its end."""
    _delete(folder, lambda name: not is_there(name))


def _delete(folder: Path, is_wanted: Callable[[str], bool]) -> None:
    """Delete files of ours by the project in their names, and those that were not saved whole."""
    if folder.is_symlink() or not folder.is_dir():
        return
    for file in folder.iterdir():
        name = _NAME.fullmatch(file.name)
        if name and (name["aside"] or is_wanted(name["project"])):
            with suppress(OSError):
                file.unlink(missing_ok=True)


def _digest(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()[:16]
