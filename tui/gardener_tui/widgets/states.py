"""Glyph, word and colour of every state."""

from collections.abc import Mapping
from dataclasses import dataclass

from gardener_core.events import Phase
from gardener_core.keeping.projects import Project
from gardener_core.keeping.runs import Run


@dataclass(frozen=True, slots=True)
class Look:
    """How a state is shown; the glyph and the word are enough without the colour."""

    glyph: str
    word: str
    colour: str


_RUNNING = {
    "index": "indexing",
    "survey": "reading",
    "grow": "growing",
    "train": "training",
    "export": "exporting",
}
# A word for each part of a run; it stands where `training` would.
PHASES: Mapping[Phase, str] = {
    "importing": "starting",
    "reading": "reading",
    "preparing": "preparing",
    "growing": "growing",
    "scoring base": "scoring",
    "converting": "converting",
    "loading": "loading",
    "scoring before": "scoring",
    "training": "training",
    "scoring after": "scoring",
    "saving": "saving",
    "writing": "writing",
    "comparing": "comparing",
}
_RUNS: Mapping[str, Look] = {
    "queued": Look("◌", "queued", "$warning"),
    "starting": Look("◌", "starting", "$warning"),
    "paused": Look("❚❚", "paused", "$warning"),
    "finished": Look("✔", "finished", "$success"),
    "failed": Look("✖", "failed", "$error"),
    "died": Look("✖", "died", "$error"),
    "stopped": Look("■", "stopped", "$label"),
}
_PROJECTS: Mapping[str, Look] = {
    "new": Look("○", "not indexed", "$label"),
    "ready": Look("●", "ready", "$success"),
}


def run_look(state: str, kind: str, phase: Phase | None = None) -> Look:
    """How a run's state is shown; while it runs, by the part of its work that it is at."""
    if state == "running":
        word = PHASES[phase] if phase else _RUNNING.get(kind, "running")
        return Look("●", word, "$success")
    return _RUNS.get(state, Look("?", state, "$warning"))


def waits(run: Run) -> int:
    """How far a live run is from working: 0 it works, 1 it is held still, 2 it waits its turn."""
    return {"queued": 2, "paused": 1}.get(run.state, 0)


def project_look(project: Project, run: Run | None) -> Look:
    """How a project's state is shown; a run that is going on says more than the project."""
    if run is not None and run.live:
        return run_look(run.state, run.kind)
    return _PROJECTS.get(project.state, Look("○", project.state, "$label"))
