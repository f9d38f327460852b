"""Glyph, word and colour of every state."""

from collections.abc import Mapping
from dataclasses import dataclass

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


def run_look(state: str, kind: str) -> Look:
    """How a run's state is shown."""
    if state == "running":
        return Look("●", _RUNNING.get(kind, "running"), "$success")
    return _RUNS.get(state, Look("?", state, "$warning"))


def project_look(project: Project, run: Run | None) -> Look:
    """How a project's state is shown; a run that is going on says more than the project."""
    if run is not None and run.live:
        return run_look(run.state, run.kind)
    return _PROJECTS.get(project.state, Look("○", project.state, "$label"))
