"""Read what is given on stdin."""

import os
import select
import stat
from dataclasses import dataclass

MOST_BYTES = 200_000
FIRST_BYTE_SECONDS = 5.0
PIECE = 65_536


@dataclass(frozen=True, slots=True)
class Given:
    """A text that was given along, and what is to be said of it."""

    text: str = ""
    note: str = ""


def given_on_stdin(
    descriptor: int = 0, first_byte_seconds: float = FIRST_BYTE_SECONDS, most: int = MOST_BYTES
) -> Given:
    """The text of a pipe or file on stdin, its last bytes where it is longer; else nothing.

    A pipe that stays open without a byte is left: many programs start others with one.
    """
    try:
        mode = os.fstat(descriptor).st_mode
    except OSError:  # closed
        return Given()
    if not (stat.S_ISFIFO(mode) or stat.S_ISREG(mode)):
        return Given()
    if stat.S_ISFIFO(mode) and not _comes(descriptor, first_byte_seconds):
        return Given(note=f"Nothing came on stdin within {first_byte_seconds:.0f} s.")
    raw, whole = _read(descriptor, most)
    text = raw.decode("utf-8", "replace")
    return Given(text, "" if whole else f"Of stdin, the last {most:,} bytes are taken.")


def _comes(descriptor: int, seconds: float) -> bool:
    """Whether a byte, or the end, comes in time."""
    ready, _, _ = select.select([descriptor], [], [], seconds)
    return bool(ready)


def _read(descriptor: int, most: int) -> tuple[bytes, bool]:
    """The last bytes up to the end, and whether these are all."""
    kept, whole = b"", True
    while piece := os.read(descriptor, PIECE):
        kept += piece
        if len(kept) > most:
            kept, whole = kept[-most:], False
    return kept, whole
