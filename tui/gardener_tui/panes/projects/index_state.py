"""The state of a project's index, and the key that helps."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, assert_never

from gardener_core.garden.index import Health
from gardener_core.store.garden.projects import Project
from gardener_core.store.garden.runs import Run, RunState
from gardener_tui.panes.overview import Overview
from gardener_tui.widgets.states import StateLook, project_look, run_look, waiting_order

INDEXING = frozenset({"index", "survey"})
_LOST = StateLook("✖", "broken", "$error")
_CUT_OFF: frozenset[RunState] = frozenset({"failed", "died", "stopped"})


@dataclass(frozen=True, slots=True)
class IndexState:
    """A look, the share of a run that is done, what is wrong, a key that helps and what it does."""

    look: StateLook
    part: float | None = None
    problem: str = ""
    key: str = ""
    does: str = ""

    @property
    def word(self) -> str:
        """The state in a word, with the share that is done."""
        return self.look.word if self.part is None else f"{self.look.word} {self.part:.0%}"


def state_of(project: Project, overview: Overview, health: Health | None) -> IndexState:
    """A live run comes first, then what is wrong, then what is out of date."""
    runs = [run for run in overview.runs if run.project == project.id]
    run = live_run(runs)
    if run is not None:
        phase = overview.phases.get(run.id)
        look = run_look(run.state, run.kind, phase.phase if phase else None)
        part = _share(phase.done, phase.total) if phase else _share(run.step, run.steps)
        helps = ("run.pause", "resumes") if run.state == "paused" else ("", "")
        return IndexState(look, part, "", *helps)
    if health is not None and health.problem:
        return _broken(health.problem, health.missing)
    last = next((run for run in runs if run.kind == "index"), None)
    if last is not None and last.state in _CUT_OFF and project.state not in ("ready", "broken"):
        look = run_look(last.state, last.kind)
        cut_off = StateLook(look.glyph, f"index {look.word}", look.colour)
        return IndexState(cut_off, None, "", "project.index", "resumes")
    changed = health.changed if health is not None else 0
    return _at_rest(project, changed)


def _at_rest(project: Project, changed: int) -> IndexState:
    """The state of a project without a live or broken run."""
    look = project_look(project, None)
    match project.state:
        case "new":
            return IndexState(look, None, "", "project.index", "reads it")
        case "ready" if changed:
            stale = StateLook("◐", f"{changed} stale", "$warning")
            return IndexState(stale, None, "", "project.index", "reads them")
        case "stale":
            stale = StateLook("◐", "stale", "$warning")
            return IndexState(stale, None, "", "project.index", "updates it")
        case "broken":
            return _broken("its folder cannot be read", "folder")
        case "ready" | "surveying" | "indexing":
            return IndexState(look)
        case _ as never:
            assert_never(never)


def live_run(runs: Iterable[Run]) -> Run | None:
    """The run to show: working before waiting, indexing before others, then the newest."""
    live = [run for run in runs if run.live]
    return min(live, key=lambda run: (waiting_order(run), run.kind not in INDEXING), default=None)


def _share(done: int, total: int) -> float | None:
    return min(1.0, done / total) if total else None


def _broken(problem: str, missing: Literal["", "folder", "index"]) -> IndexState:
    if missing == "folder":
        return IndexState(_LOST, None, problem, "projects.remove", "removes it")
    return IndexState(_LOST, None, problem, "project.index", "rebuilds it")
