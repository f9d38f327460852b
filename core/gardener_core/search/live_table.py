"""Which of an index's tables answers: a word in a file beside them."""

import re
import secrets
from pathlib import Path

from gardener_core.system.files.atomic import write_whole

POINTER = "current"
FIRST = "chunks"  # the name without a pointer
_NAME = re.compile(r"chunks(-[0-9a-f]+)?")


def current_name(folder: Path) -> str:
    """The name of the table that answers; what cannot be read points to the first."""
    try:
        said = (folder / POINTER).read_text("ascii")
    except (OSError, UnicodeDecodeError):
        return FIRST
    return said if _NAME.fullmatch(said) else FIRST


def new_name() -> str:
    """A name that no table has."""
    return f"{FIRST}-{secrets.token_hex(6)}"


def point_to(folder: Path, name: str) -> None:
    """Let another table answer, from one moment to the next."""
    write_whole(folder / POINTER, name.encode("ascii"), durable=True)
