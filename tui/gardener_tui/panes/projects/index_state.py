"""How a project's index is, and which key mends it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from gardener_core.garden.index import Health
from gardener_core.store.garden.projects import Project
from gardener_core.store.garden.runs import Run
from gardener_tui.panes.overview import Overview
from gardener_tui.widgets.states import StateLook, project_look, run_look, waiting_order

INDEXING = frozenset({"index", "survey"})
_LOST = StateLook("✖", "broken", "$error")
_CUT_OFF = frozenset({"failed", "died", "stopped"})


@dataclass(frozen=True, slots=True)
class IndexState:
    """A look, how far a run is from 0 to 1, what is wrong, the key that mends and what it does."""

    look: StateLook
    part: float | None = None
    problem: str = ""
    key: str = ""
    does: str = ""

    @property
    def word(self) -> str:
        """The state in a word, with how far it is."""
        return self.look.word if self.part is None else f"{self.look.word} {self.part:.0%}"


def state_of(project: Project, overview: Overview, health: Health | None) -> IndexState:
    """What goes on comes first, then what is wrong, then what is out of date."""
    runs = [run for run in overview.runs if run.project == project.id]
    run = live_run(runs)
    if run is not None:
        phase = overview.phases.get(run.id)
        look = run_look(run.state, run.kind, phase.phase if phase else None)
        part = _share(phase.done, phase.total) if phase else _share(run.step, run.steps)
        mends = ("run.pause", "goes on") if run.state == "paused" else ("", "")
        return IndexState(look, part, "", *mends)
    if health is not None and health.problem:
        return _broken(health.problem, health.missing)
    if project.state == "broken":
        return _broken("its folder cannot be read", "folder")
    last = next((run for run in runs if run.kind == "index"), None)
    if project.state != "ready" and last is not None and last.state in _CUT_OFF:
        look = run_look(last.state, last.kind)
        told = StateLook(look.glyph, f"index {look.word}", look.colour)
        return IndexState(told, None, "", "project.index", "goes on")
    if project.state == "new":
        return IndexState(project_look(project, None), None, "", "project.index", "reads it")
    if project.state == "ready" and health is not None and health.changed:
        stale = StateLook("◐", f"{health.changed} stale", "$warning")
        return IndexState(stale, None, "", "project.index", "reads them")
    if project.state == "stale":
        return IndexState(StateLook("◐", "stale", "$warning"), None, "", "project.index", "goes on")
    return IndexState(project_look(project, None))


def live_run(runs: Iterable[Run]) -> Run | None:
    """The run to tell of: what works before what waits, the index before others, the newest."""
    live = [run for run in runs if run.live]
    return min(live, key=lambda run: (waiting_order(run), run.kind not in INDEXING), default=None)


def _share(done: int, total: int) -> float | None:
    return min(1.0, done / total) if total else None


def _broken(problem: str, missing: Literal["", "folder", "index"]) -> IndexState:
    if missing == "folder":
        return IndexState(_LOST, None, problem, "projects.remove", "removes it")
    return IndexState(_LOST, None, problem, "project.index", "makes it anew")
