"""Read a file whole and give its hash."""

import hashlib
from collections.abc import Generator
from pathlib import Path

from gardener_core.models.sources.source import Transferred
from gardener_core.system.files.regular import open_regular
from gardener_core.system.pace import Pace

PIECE_BYTES = 1 << 20


def digest(path: Path) -> Generator[Transferred, None, tuple[int, str]]:
    """The bytes and the sha256 of a regular file, with progress."""
    pace, state, done = Pace(), hashlib.sha256(), 0
    with open_regular(path) as file:
        total = file.seek(0, 2)
        file.seek(0)
        while piece := file.read(PIECE_BYTES):
            state.update(piece)
            done += len(piece)
            if pace.is_due():
                yield Transferred(done, total)
    return done, state.hexdigest()
