"""Decide whether a training starts by itself."""

from dataclasses import dataclass
from typing import Literal

from gardener_core.training.retraining.drift import Drift

SETTING = "training.by_itself"
LEAST_SHARE = 0.1  # of the symbols that were read
LEAST_FILES = 10
LEAST_COMMITS = 20

Kind = Literal["train", "update", "none"]


@dataclass(frozen=True, slots=True)
class Situation:
    """What stands for a training by itself and against it.

    `obstacle` is what speaks against any training now, in words; `commits` and `drift` are since
    the active adapter was trained, which `adapter` names.
    """

    enabled: bool
    obstacle: str = ""
    adapter: str = ""
    was_trained: bool = False
    drift: Drift | None = None
    commits: int = 0


@dataclass(frozen=True, slots=True)
class Decision:
    """What is to start, and why it is, or why nothing is."""

    kind: Kind
    why: str


def decide(now: Situation) -> Decision:
    """What starts by itself in this situation."""
    if not now.enabled:
        return Decision("none", f"{SETTING} is off")
    if now.obstacle:
        return Decision("none", now.obstacle)
    if not now.adapter:
        if now.was_trained:
            return Decision("none", "its adapter was taken away or a run of it did not finish")
        return Decision("train", "it has no adapter yet")
    if now.drift is None:
        return Decision("none", f"what {now.adapter} learned from was not recorded")
    if not now.drift.has_changed:
        return Decision("none", f"nothing changed since {now.adapter} was trained")
    reason = _reason(now.drift, now.commits)
    if reason:
        return Decision("update", f"{reason} since {now.adapter} was trained")
    return Decision("none", f"{now.drift.sentence}, {now.commits} commits: too little to update")


def _reason(drift: Drift, commits: int) -> str:
    files = drift.files + drift.new_files
    if drift.share >= LEAST_SHARE:
        return drift.sentence
    if files >= LEAST_FILES:
        return f"{files} files changed or are new"
    return f"{commits} commits" if commits >= LEAST_COMMITS else ""
