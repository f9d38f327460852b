"""Glyph, word and colour of every state."""

from collections.abc import Mapping
from dataclasses import dataclass

from gardener_core.events.run import Phase
from gardener_core.store.garden.projects import Project
from gardener_core.store.garden.runs import Run


@dataclass(frozen=True, slots=True)
class StateLook:
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
_RUNS: Mapping[str, StateLook] = {
    "queued": StateLook("◌", "queued", "$warning"),
    "starting": StateLook("◌", "starting", "$warning"),
    "paused": StateLook("❚❚", "paused", "$warning"),
    "finished": StateLook("✔", "finished", "$success"),
    "failed": StateLook("✖", "failed", "$error"),
    "died": StateLook("✖", "died", "$error"),
    "stopped": StateLook("■", "stopped", "$label"),
}
_PROJECTS: Mapping[str, StateLook] = {
    "new": StateLook("○", "not indexed", "$label"),
    "ready": StateLook("●", "ready", "$success"),
}


def run_look(state: str, kind: str, phase: Phase | None = None) -> StateLook:
    """How a run's state is shown; while it runs, by the part of its work that it is at."""
    if state == "running":
        word = PHASES[phase] if phase else _RUNNING.get(kind, "running")
        return StateLook("●", word, "$success")
    return _RUNS.get(state, StateLook("?", state, "$warning"))


def waits(run: Run) -> int:
    """How far a live run is from working: 0 it works, 1 it is held still, 2 it waits its turn."""
    return {"queued": 2, "paused": 1}.get(run.state, 0)


def project_look(project: Project, run: Run | None) -> StateLook:
    """How a project's state is shown; a run that is going on says more than the project."""
    if run is not None and run.live:
        return run_look(run.state, run.kind)
    return _PROJECTS.get(project.state, StateLook("○", project.state, "$label"))
