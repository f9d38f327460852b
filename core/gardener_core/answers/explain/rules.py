"""Read a project's own rules for whoever explains it."""

from pathlib import Path

from gardener_core.code.files.listing import SourceText, read_file
from gardener_core.code.secrets.detection import Allowed, find_secrets, hide
from gardener_core.system.terminal_text import clean

RULES = "GARDENER.md"
MOST_CHARACTERS = 4000


def project_rules(root: Path) -> str:
    """The beginning of `GARDENER.md`; empty where there is none that can be read.

    It is read as every file of a project is: no link is followed, no pipe waited for, and secrets
    are hidden.
    """
    source = read_file(root, RULES)
    if not isinstance(source, SourceText):
        return ""
    text = source.text
    shown = hide(text, Allowed.of_project(root).keep(RULES, find_secrets(text)))
    return clean(shown[:MOST_CHARACTERS])
