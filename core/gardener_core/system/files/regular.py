"""Read regular files, bounded in size."""

import errno
import json
import os
import stat
from io import BufferedReader
from pathlib import Path
from typing import Any

# Far more than any file of ours that is read whole; a link to /dev/zero never ends.
LARGEST_BYTES = 16_000_000


def open_regular(path: Path) -> BufferedReader:
    """Open a regular file; an OSError for a pipe or a device."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError(errno.EINVAL, "It is not a regular file", str(path))
        return open(descriptor, "rb")
    except OSError:
        os.close(descriptor)
        raise


def read_regular(path: Path, most: int = LARGEST_BYTES) -> bytes:
    """The bytes of a regular file; an OSError if it is larger than `most`."""
    with open_regular(path) as file:
        data = file.read(most + 1)
    if len(data) > most:
        raise OSError(errno.EFBIG, f"It is larger than {most:,} bytes", str(path))
    return data


def read_object(path: Path, most: int = LARGEST_BYTES) -> dict[str, Any]:
    """The JSON object in a file; an OSError or a ValueError if there is none."""
    return parse_object(read_regular(path, most))


def parse_object(text: bytes | str) -> dict[str, Any]:
    """Parse a JSON object; a ValueError for any other text, however nested."""
    try:
        value = json.loads(text)
    except RecursionError:
        raise ValueError("It is nested too deeply.") from None
    if not isinstance(value, dict):
        raise ValueError("It is not a JSON object.")
    return value
