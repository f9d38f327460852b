"""Measure how far a project has moved from what its adapter learned."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from gardener_core.code.files.bounded import ProjectFolder
from gardener_core.code.files.listing import SourceText, list_files, read_from
from gardener_core.code.languages.table import TEXT, language_of
from gardener_core.evaluation.split import draws_held_out
from gardener_core.training.retraining.learned import Learned, LearnedFile
from gardener_core.training.retraining.lines import FileLines


@dataclass(frozen=True, slots=True)
class Drift:
    """How many of the symbols that an adapter read are no longer as they were, or gone.

    `files` are those with such symbols, `others` are changed symbols that it could have read and
    did not; `new_files` were not there when it was trained, and are counted only where they were
    looked for.
    """

    symbols: int
    changed: int
    files: int = 0
    others: int = 0
    new_files: int = 0

    @property
    def share(self) -> float:
        """The changed part, from 0 to 1."""
        return self.changed / self.symbols if self.symbols else 0.0

    @property
    def has_changed(self) -> bool:
        """Whether there may be something to learn anew."""
        return bool(self.changed or self.others or self.new_files)

    @property
    def sentence(self) -> str:
        """The same in words."""
        said = f"{self.changed:,} of {self.symbols:,} symbols changed ({self.share:.0%})"
        said += f", {self.others:,} of the others" if self.others else ""
        new = f"{self.new_files:,} new file{'s' if self.new_files > 1 else ''}"
        return said + (f", {new}" if self.new_files else "")


@dataclass(frozen=True, slots=True)
class _Changed:
    """The symbols of a file that changed: those that were read, and others."""

    read: frozenset[str]
    others: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Seen:
    size: int
    changed_ns: int
    found: _Changed


class FileReader:
    """Reads each file of a project once, for the meters of several adapters."""

    def __init__(self) -> None:
        self._read: dict[str, FileLines | None] = {}

    def lines(self, folder: ProjectFolder, path: str) -> FileLines | None:
        """The lines of a file; None of one that is gone or cannot be read."""
        if path not in self._read:
            source = read_from(folder, path, anyway=True)
            self._read[path] = FileLines(source.text) if isinstance(source, SourceText) else None
        return self._read[path]


class DriftMeter:
    """Compares a project's files with the record of one adapter.

    A symbol is as it was where its lines still stand together in its file. Only files whose size or
    time has changed since the last look are read.
    """

    def __init__(self, root: Path, learned: Learned, reader: FileReader | None = None) -> None:
        """A reader is for one measurement: what it has read is not read again."""
        self._root = root
        self._reader = reader
        self._files = {
            path: file
            for path, file in learned.files.items()
            if any(piece.state != "hidden" for piece in file.pieces)
        }
        self._symbols = learned.symbols
        self._seen: dict[str, _Seen] = {}

    def measure(self) -> Drift:
        """How much of it has changed by now."""
        changed = files = others = 0
        try:
            with ProjectFolder(self._root) as folder:
                for found in self._changed(folder):
                    changed += len(found.read)
                    files += bool(found.read or found.others)
                    others += len(found.others)
        except OSError:  # the folder itself is gone, as of a disk that is not mounted
            return Drift(self._symbols, 0)
        return Drift(self._symbols, changed, files, others)

    def _changed(self, folder: ProjectFolder) -> Iterator[_Changed]:
        for path, file in sorted(self._files.items()):
            try:
                status = (self._root / path).lstat()
            except OSError:
                yield _changed_in(file, None)
                continue
            seen = self._seen.get(path)
            if seen is None or (seen.size, seen.changed_ns) != (status.st_size, status.st_mtime_ns):
                reader = self._reader or FileReader()
                found = _changed_in(file, reader.lines(folder, path))
                seen = _Seen(status.st_size, status.st_mtime_ns, found)
                self._seen[path] = seen
            yield seen.found


def new_files(root: Path, learned: Learned) -> int:
    """How many source files there are to learn from that its run did not see."""
    return sum(
        path not in learned.files and language_of(path) != TEXT and not draws_held_out(path)
        for path in list_files(root)
    )


def _changed_in(file: LearnedFile, lines: FileLines | None) -> _Changed:
    """What of a file is no longer there; all of one that is gone or cannot be read."""
    held = lines or FileLines("")
    lost = [piece for piece in file.pieces if not held.hold(piece.digest)]
    read = frozenset(piece.symbol for piece in lost if piece.state == "read")
    unread = frozenset(piece.symbol for piece in lost if piece.state == "unread")
    return _Changed(read, unread - read if lines is not None else frozenset())
