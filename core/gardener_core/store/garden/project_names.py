"""Rules for the names of projects."""

import re

from gardener_core.system.terminal_text import is_safe

LONGEST_NAME = 80
_ID = re.compile(r"[0-9a-f]{12}")


def is_id(name: str) -> bool:
    """Whether a name has the form of a project id."""
    return _ID.fullmatch(name) is not None


def is_usable(name: str) -> bool:
    """Whether a name fits in a line and in a path and is not an id."""
    printable = is_safe(name) and not any(letter in name for letter in "\n\t/")
    return (
        0 < len(name) <= LONGEST_NAME and printable and name not in (".", "..") and not is_id(name)
    )
