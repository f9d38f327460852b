"""Remedies as keys."""

from collections.abc import Mapping

from gardener_core.errors import Act, Remedy
from gardener_tui.keymap import Keymap

# For each act the key that does it and what it does, or a sentence where no key does.
_KEYS: Mapping[Act, tuple[str, str] | str] = {
    "index": ("project.index", "brings the index up to date"),
    "index though empty": ("project.index", "asks whether its index may be emptied"),
    "read everything": ("project.index", "brings the index up to date"),
    "repair": ("project.repair", "checks every part of the project and repairs it"),
    "resume": ("run.pause", "resumes the run"),
    "follow": ("run.list", "shows the run"),
    "list runs": ("run.list", "lists the runs"),
    "list dropped runs": "It may be gone for good.",
    "list projects": ("project.switch", "lists the projects"),
    "list trash": "It may be gone for good.",
    "restore": ("undo", "brings it back, if it was removed from this screen"),
    "train": ("run.train", "trains one"),
    "score": ("adapter.score", "measures it"),
    "train to fit": ("run.train", "shows a plan that fits"),
    "list adapters": ("adapter.choose", "lists the adapters"),
    "list models": ("models", "lists the models"),
    "list all models": ("models", "lists the models"),
    "pull": ("models", "lists the models; enter gets one"),
    "list skipped files": ("context.files", "lists every file, in the context pane"),
    "show settings": "The settings are in config.toml.",
    "let code leave": "If it may: set search.code_may_leave = true in config.toml.",
    "verify audit": "The audit log was changed by another program.",
    "check machine": "Something that is needed is missing on this machine.",
    "list chats": ("chat.list", "lists the conversations"),
    "measure search": ("context.measured", "measures it, in the context pane"),
}


def key_text(remedy: Remedy, keys: Keymap) -> str:
    """The key that helps and what it does, as one sentence."""
    entry = _KEYS[remedy.act]
    if isinstance(entry, str):
        return entry
    key_id, does = entry
    return f"{keys.key(key_id).shown} {does}"


def advice(hint: str, remedy: Remedy | None, keys: Keymap) -> str:
    """What to try, as one text."""
    return "\n".join(part for part in (hint, key_text(remedy, keys) if remedy else "") if part)
