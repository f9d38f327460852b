"""Remedies as commands."""

import shlex

from gardener_core.errors import Remedy

_COMMANDS = {
    "index": "index",
    "index though empty": "index --even-if-empty",
    "read everything": "index --full",
    "repair": "repair",
    "resume": "resume",
    "follow": "follow",
    "list runs": "runs",
    "list dropped runs": "runs --trash",
    "list projects": "projects",
    "list trash": "projects --trash",
    "restore": "restore",
    "train": "train",
    "score": "score",
    "train to fit": "train --fit",
    "list adapters": "adapters",
    "list models": "models",
    "list all models": "models --all",
    "pull": "models pull",
    "list skipped files": "index --skipped",
    "show settings": "config",
    "let code leave": "config search.code_may_leave true",
    "verify audit": "audit verify",
    "check machine": "doctor",
    "measure search": "bench retrieval",
    "list chats": "chats",
}
# What these act on; the others act on a project.
_RUN = frozenset({"resume", "follow"})
_NOTHING = frozenset(
    {"repair", "list runs", "list dropped runs", "list projects", "list trash", "list models",
     "list all models", "show settings", "let code leave", "verify audit", "check machine",
     "list chats"}
)  # fmt: skip


def command(remedy: Remedy) -> str:
    """What to type."""
    words = ["gardener", *_COMMANDS[remedy.act].split()]
    if remedy.act == "show settings" and remedy.of:
        words.append("--project")
    if remedy.of:
        words.append(shlex.quote(remedy.of))
    elif remedy.act not in _NOTHING:
        words.append("RUN" if remedy.act in _RUN else "NAME")
    return " ".join(words)


def advice(hint: str, remedy: Remedy | None) -> str:
    """What to try, as one text."""
    typed = f"Run: {command(remedy)}" if remedy else ""
    return f"{hint} {typed}".strip()
