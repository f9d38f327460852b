"""Quote files as they stand in the folder now."""

import os
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from gardener_core.code.files.bounded import ProjectFolder
from gardener_core.code.files.listing import SourceText, read_from
from gardener_core.code.secrets.detection import Allowed, find_secrets, hide

MOST_FILES = 200  # kept in memory
Stamp = tuple[int, int]


@dataclass(frozen=True, slots=True)
class LineShift:
    """How lines of one text are numbered in another: equal before and after what differs.

    A line inside what differs has no number in the other.
    """

    same_before: int
    same_after: int  # counted from the end
    lines: int  # of the first text
    difference: int

    @classmethod
    def between(cls, before: Sequence[str], after: Sequence[str]) -> "LineShift":
        """Compare two texts from both ends."""
        shorter = min(len(before), len(after))
        start = 0
        while start < shorter and before[start] == after[start]:
            start += 1
        end = 0
        while end < shorter - start and before[-1 - end] == after[-1 - end]:
            end += 1
        return cls(start, end, len(before), len(after) - len(before))

    @property
    def is_equal(self) -> bool:
        """Whether both texts are the same."""
        return self.same_before == self.lines and self.difference == 0

    def line(self, number: int) -> int | None:
        """The number of a line (1-based) in the other text; None where it may have changed."""
        if number <= self.same_before:
            return number
        if number > self.lines - self.same_after:
            return number + self.difference
        return None

    def span(self, first: int, last: int) -> tuple[int, int]:
        """The span in the other text that holds the lines of this one, changed ones too."""
        low = self.line(first) or max(1, self.same_before + 1)
        high = self.line(last) or self.lines + self.difference - self.same_after
        return low, max(low, high)


@dataclass(frozen=True, slots=True)
class FileText:
    """The lines of a file now, secrets hidden; none where it cannot be read.

    `shift` leads from the lines of the index to these.
    """

    lines: tuple[str, ...]
    shift: LineShift

    def line(self, number: int) -> str:
        """One line without its indent; the number is the one of this text."""
        return self.lines[number - 1].strip() if 1 <= number <= len(self.lines) else ""


IndexedLines = Callable[[str], Sequence[str]]


class SourceTexts:
    """Reads files of a project and keeps them until they change."""

    def __init__(self, root: Path, indexed_lines: IndexedLines) -> None:
        self._root = root
        self._indexed_lines = indexed_lines
        self._allowed = Allowed.of_project(root)
        self._kept: OrderedDict[tuple[str, Stamp, int], FileText] = OrderedDict()

    def of(self, path: str, indexed_ns: int) -> FileText:
        """A file; `indexed_ns` is the time that it had when it was indexed."""
        with ProjectFolder(self._root) as folder:
            try:
                status = folder.stat_of(path)
            except OSError:
                return FileText((), LineShift(0, 0, 0, 0))
            key = (path, _stamp(status), indexed_ns)
            if key not in self._kept:
                self._kept[key] = self._read(folder, path, status.st_mtime_ns == indexed_ns)
        self._kept.move_to_end(key)
        while len(self._kept) > MOST_FILES:
            self._kept.popitem(last=False)
        return self._kept[key]

    def _read(self, folder: ProjectFolder, path: str, is_indexed: bool) -> FileText:
        source = read_from(folder, path, anyway=True)
        if not isinstance(source, SourceText):
            return FileText((), LineShift(0, 0, 0, 0))
        text = source.text
        lines = lines_of(hide(text, self._allowed.keep(path, find_secrets(text))))
        before = lines if is_indexed else (self._indexed_lines(path) or lines)
        return FileText(lines, LineShift.between(before, lines))


def lines_of(text: str) -> tuple[str, ...]:
    """The lines of a text, without their ends."""
    lines = [line.removesuffix("\r") for line in text.split("\n")]
    return tuple(lines[:-1] if lines[-1:] == [""] else lines)


def _stamp(status: os.stat_result) -> Stamp:
    return status.st_mtime_ns, status.st_size
