"""Glyph, word and colour of every state."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import assert_never

from gardener_core.events.run import Phase
from gardener_core.store.garden.projects import Project, ProjectState
from gardener_core.store.garden.runs import Run, RunState


@dataclass(frozen=True, slots=True)
class StateLook:
    """How a state is shown; glyph and word are enough without the colour."""

    glyph: str
    word: str
    colour: str


_RUNNING = {
    "index": "indexing",
    "survey": "reading",
    "grow": "growing",
    "train": "training",
    "score": "scoring",
    "data": "preparing",
    "export": "exporting",
    "deploy": "deploying",
    "pull": "fetching",
}
# A word for each part of a run, shown instead of what the run does.
PHASES: Mapping[Phase, str] = {
    "importing": "starting",
    "looking": "looking",
    "fetching": "fetching",
    "verifying": "verifying",
    "reading": "reading",
    "preparing": "preparing",
    "growing": "growing",
    "scoring base": "scoring",
    "converting": "converting",
    "loading": "loading",
    "scoring before": "scoring",
    "scoring parent": "scoring",
    "probing": "probing",
    "training": "training",
    "scoring after": "scoring",
    "scoring control": "scoring",
    "training control": "training",
    "training folds": "training",
    "measuring": "measuring",
    "saving": "saving",
    "writing": "writing",
    "comparing": "comparing",
    "uploading": "uploading",
    "creating": "creating",
    "asking": "asking",
}
_RUNS: Mapping[RunState, StateLook] = {
    "queued": StateLook("◌", "queued", "$warning"),
    "starting": StateLook("◌", "starting", "$warning"),
    "running": StateLook("●", "running", "$success"),
    "paused": StateLook("❚❚", "paused", "$warning"),
    "finished": StateLook("✔", "finished", "$success"),
    "failed": StateLook("✖", "failed", "$error"),
    "died": StateLook("✖", "died", "$error"),
    "stopped": StateLook("■", "stopped", "$label"),
}
_PROJECTS: Mapping[ProjectState, StateLook] = {
    "new": StateLook("○", "not indexed", "$label"),
    "surveying": StateLook("○", "surveying", "$label"),
    "indexing": StateLook("○", "indexing", "$label"),
    "ready": StateLook("●", "ready", "$success"),
    "stale": StateLook("○", "stale", "$label"),
    "broken": StateLook("○", "broken", "$label"),
}


def run_look(state: RunState, kind: str, phase: Phase | None = None) -> StateLook:
    """How a run's state is shown; while it runs, by the part of its work that it is at."""
    look = _RUNS[state]
    if state == "running":
        return replace(look, word=PHASES[phase] if phase else _RUNNING.get(kind, look.word))
    return look


def waiting_order(run: Run) -> int:
    """How far a live run is from working: 0 it works, 1 it is paused, 2 it is queued."""
    match run.state:
        case "queued":
            return 2
        case "paused":
            return 1
        case "starting" | "running" | "finished" | "failed" | "stopped" | "died":
            return 0
        case _ as never:
            assert_never(never)


def project_look(project: Project, run: Run | None) -> StateLook:
    """How a project's state is shown; a live run says more than the project."""
    if run is not None and run.live:
        return run_look(run.state, run.kind)
    return _PROJECTS[project.state]
