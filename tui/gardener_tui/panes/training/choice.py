"""Which run the training pane shows."""

from collections.abc import Sequence

from gardener_core.store.garden.projects import Project
from gardener_core.store.garden.runs import Run
from gardener_tui.panes.overview import Overview
from gardener_tui.widgets.states import waiting_order

LEARNING = frozenset({"train", "grow"})


def runs_of(project: Project, runs: Sequence[Run]) -> list[Run]:
    """The runs that concern a project, newest first; a base that grows concerns every one."""
    return [run for run in runs if run.project in (project.id, "")]


def first_choice(project: Project, runs: Sequence[Run]) -> Run | None:
    """A live run, working before waiting; else the newest training; else the newest run."""
    ours = runs_of(project, runs)
    own = [run for run in ours if run.project]
    orders = (
        sorted((run for run in own if run.live), key=waiting_order),
        sorted((run for run in ours if run.live), key=waiting_order),
        [run for run in own if run.kind in LEARNING],
        own,
    )
    return next((run for order in orders for run in order), None)


def beside(run: Run | None, by: int, project: Project, runs: Sequence[Run]) -> Run | None:
    """The run that is `by` places older than this one, in the project's own list."""
    ours = runs_of(project, runs)
    places = [at for at, item in enumerate(ours) if run is not None and item.id == run.id]
    at = places[0] + by if places else 0
    return ours[at] if 0 <= at < len(ours) else None


class RunChoice:
    """Which run of a project is shown: the chosen one, the one that was started here, or the best.

    A chosen run stays; one that was started here stays until it ends.
    """

    def __init__(self) -> None:
        self.project: Project | None = None
        self.overview = Overview()
        self.chosen = ""
        self.started = ""

    def offer(self, project: Project | None, overview: Overview) -> None:
        """Take a new overview; for another project, forget every choice."""
        if project is None or self.project is None or project.id != self.project.id:
            self.forget()
        self.project, self.overview = project, overview

    def forget(self) -> None:
        """No longer stay with a run."""
        self.chosen = self.started = ""

    @property
    def wanted(self) -> Run | None:
        """The run to show."""
        if self.project is None:
            return None
        if chosen := self.overview.run(self.chosen):
            return chosen
        started = self.overview.run(self.started)
        if started is not None and started.live:
            return started
        if started is None and self.started:
            return None  # it began after the garden was read
        return first_choice(self.project, self.overview.runs)

    def beside(self, current: Run | None, by: int) -> Run | None:
        """The run that is `by` places older than the one shown."""
        if self.project is None:
            return None
        return beside(current, by, self.project, self.overview.runs)
