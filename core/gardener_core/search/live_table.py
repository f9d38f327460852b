"""The name of the live table, kept in a file."""

import re
import secrets
from pathlib import Path

from gardener_core.system.files.atomic import write_whole

POINTER = "current"
FIRST = "chunks"  # the name without a pointer
_NAME = re.compile(r"chunks(-[0-9a-f]+)?")


def live_table_name(folder: Path) -> str:
    """The name of the live table; the first one where the file cannot be read."""
    try:
        name = (folder / POINTER).read_text("ascii")
    except (OSError, UnicodeDecodeError):
        return FIRST
    return name if _NAME.fullmatch(name) else FIRST


def new_table_name() -> str:
    """A new name for a table."""
    return f"{FIRST}-{secrets.token_hex(6)}"


def set_live_table(folder: Path, name: str) -> None:
    """Let another table answer from now on."""
    write_whole(folder / POINTER, name.encode("ascii"), durable=True)
