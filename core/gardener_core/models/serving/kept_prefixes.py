"""Keep what an engine has read of each project's prompts."""

import hashlib
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from gardener_core.errors import EngineLost
from gardener_core.models.serving.served import ServedModel
from gardener_core.system.files.atomic import make_folder

MOST_FILES = 24
MOST_BYTES = 500_000_000
FEWEST_TOKENS = 48  # fewer are read sooner than they are loaded
_ENDING = ".kv"


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
        # By process and place: an engine reads with an adapter in one place, without in another.
        self._readers: dict[tuple[int, bool], tuple[Reader, tuple[float, ...]]] = {}

    def holds(self, model: ServedModel, scales: Sequence[float], reader: Reader) -> bool:
        """Whether what the engine read last in this place was this reader's."""
        return self._readers.get(_place(model, scales)) == (reader, tuple(scales))

    def release(self, model: ServedModel, scales: Sequence[float]) -> int:
        """Save what was read last in the place of these scales; how many tokens."""
        held = self._readers.pop(_place(model, scales), None)
        if held is None or not model.keeps_states or not self._is_there(held[0].project):
            return 0
        reader, old_scales = held
        aside = f".{reader.name}.part"
        with suppress(EngineLost, OSError):  # what is not kept is read again
            make_folder(self._folder)
            tokens = model.save_state(old_scales, aside)
            return tokens if self._enter(self._folder / aside, reader, tokens) else 0
        return 0

    def take(self, model: ServedModel, scales: Sequence[float], reader: Reader) -> int:
        """Load what this reader had read; how many tokens need not be read again.

        The engine has answered with these scales just before: see `ServedModel.load_state`.
        """
        self._readers[_place(model, scales)] = (reader, tuple(scales))
        file = self._whole_file(reader)
        if file is None or not model.keeps_states:
            return 0
        try:
            return model.load_state(scales, file.name)
        except EngineLost:  # as one that a newer llama.cpp cannot read
            with suppress(OSError):
                file.unlink(missing_ok=True)
            return 0

    def ended(self, process_id: int) -> None:
        """Forget a process that has ended."""
        for place in [place for place in self._readers if place[0] == process_id]:
            del self._readers[place]

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
    for pattern in (f"{project}-*", f".{project}-*"):
        for file in folder.glob(pattern):
            with suppress(OSError):
                file.unlink(missing_ok=True)


def delete_orphans(folder: Path, is_there: Callable[[str], bool]) -> None:
    """Delete what is kept of projects that are gone, and what was not saved to its end."""
    if not folder.is_dir():
        return
    for file in folder.iterdir():
        if not is_there(file.name.rpartition("-")[0]):  # nor of one that begins with a dot
            with suppress(OSError):
                file.unlink(missing_ok=True)


def kept_bytes(folder: Path, project: str) -> int:
    """How much is kept of a project."""
    return sum(file.stat().st_size for file in folder.glob(f"{project}-*{_ENDING}"))


def _place(model: ServedModel, scales: Sequence[float]) -> tuple[int, bool]:
    return model.process_id, any(scales)


def _digest(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()[:16]
