"""Measure the drift of many versions at once."""

import dataclasses
import json
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from gardener_core.system.files.atomic import write_whole
from gardener_core.system.files.regular import read_object
from gardener_core.system.records import rebuild
from gardener_core.training.retraining.drift import Drift, DriftMeter, FileReader
from gardener_core.training.retraining.learned import read_learned

FORMAT = 1
LARGEST_BYTES = 50_000_000


@dataclass(frozen=True, slots=True)
class _Measured:
    """What was measured: of which files as they were, and the drift of each version.

    One whose record cannot be read has none.
    """

    root: str
    files: Mapping[str, tuple[int, int]]
    drifts: Mapping[str, Drift | None]


class Drifts:
    """The drift of each version of a project.

    It is kept, and measured again only where a file that some version has learned from is no longer
    as it was: each file is read once for all of them.
    """

    def __init__(self, kept: Path, root: Path) -> None:
        """`kept` is the file that the figures are kept in, `root` the folder of the project."""
        self._kept = kept
        self._root = root

    def of(self, folders: Mapping[str, Path]) -> Mapping[str, Drift | None]:
        """The drift of each of these versions, by the folders of their adapters."""
        measured = self._read()
        if measured is None or not self._holds(measured, folders):
            measured = self._measure(folders)
        return {version: measured.drifts.get(version) for version in folders}

    def _holds(self, measured: _Measured, folders: Mapping[str, Path]) -> bool:
        """Whether these are all in it, and every file is as it was."""
        known = folders.keys() <= measured.drifts.keys()
        return known and dict(measured.files) == _stamps(self._root, measured.files)

    def _measure(self, folders: Mapping[str, Path]) -> _Measured:
        learned = {version: read_learned(folder) for version, folder in folders.items()}
        paths = {path for one in learned.values() if one is not None for path in one.files}
        stamps = _stamps(self._root, paths)  # before they are read: a later change is seen
        reader = FileReader()
        drifts = {
            version: DriftMeter(self._root, one, reader).measure() if one is not None else None
            for version, one in learned.items()
        }
        measured = _Measured(str(self._root), stamps, drifts)
        self._write(measured)
        return measured

    def _read(self) -> _Measured | None:
        try:
            fields = read_object(self._kept, LARGEST_BYTES)
            if fields["format"] != FORMAT or fields["root"] != str(self._root):
                return None
            files = {
                str(path): (int(size), int(at)) for path, (size, at) in fields["files"].items()
            }
            drifts = {
                str(version): None if one is None else rebuild(Drift, one)
                for version, one in fields["drifts"].items()
            }
        except (OSError, ValueError, LookupError, TypeError, AttributeError):
            return None
        return _Measured(str(self._root), files, drifts)

    def _write(self, measured: _Measured) -> None:
        fields = {"format": FORMAT, **dataclasses.asdict(measured)}
        with suppress(OSError):  # a garden that can only be read
            write_whole(self._kept, json.dumps(fields, ensure_ascii=False).encode())


def _stamps(root: Path, paths: Iterable[str]) -> dict[str, tuple[int, int]]:
    """Size and time of each file; zeros of one that is not there."""
    stamps = {}
    for path in paths:
        try:
            status = (root / path).lstat()
            stamps[path] = (status.st_size, status.st_mtime_ns)
        except OSError:
            stamps[path] = (0, 0)
    return stamps
