"""Read the end of a log."""

import os
from pathlib import Path

TAIL_BYTES = 8192


def tail(path: Path, lines: int = 8) -> str:
    """The last lines of a file, or nothing where there is none."""
    try:
        with open(path, "rb") as file:
            file.seek(max(0, file.seek(0, os.SEEK_END) - TAIL_BYTES))
            text = file.read().decode("utf-8", "replace")
    except FileNotFoundError:
        return ""
    return "\n".join(text.strip().splitlines()[-lines:])
