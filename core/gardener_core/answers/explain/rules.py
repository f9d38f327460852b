"""Read a project's own rules for whoever explains it."""

from pathlib import Path

from gardener_core.code.files.listing import SourceText, read_file
from gardener_core.system.terminal_text import clean

RULES = "GARDENER.md"
MOST_CHARACTERS = 4000


def project_rules(root: Path) -> str:
    """The beginning of `GARDENER.md`; empty where there is none that can be read.

    It is read as every file of a project is: no link is followed, no pipe waited for.
    """
    source = read_file(root, RULES)
    return clean(source.text[:MOST_CHARACTERS]) if isinstance(source, SourceText) else ""
