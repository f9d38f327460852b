"""Which names a project may have."""

import re

from gardener_core.system.terminal_text import is_safe

LONGEST_NAME = 80
_ID = re.compile(r"[0-9a-f]{12}")


def is_id(name: str) -> bool:
    """Whether a name is an id of ours, or could become one."""
    return _ID.fullmatch(name) is not None


def is_usable(name: str) -> bool:
    """Whether something can be called so: in a line, in a path, beside ids."""
    plain = is_safe(name) and not any(letter in name for letter in "\n\t/")
    return 0 < len(name) <= LONGEST_NAME and plain and name not in (".", "..") and not is_id(name)
