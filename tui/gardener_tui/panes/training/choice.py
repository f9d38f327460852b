"""Which run the training pane shows."""

from collections.abc import Sequence

from gardener_core.keeping.projects import Project
from gardener_core.keeping.runs import Run

LEARNING = frozenset({"train", "grow"})


def runs_of(project: Project, runs: Sequence[Run]) -> list[Run]:
    """The runs that concern a project, newest first; a base that grows concerns every one."""
    return [run for run in runs if run.project in (project.id, "")]


def first_choice(project: Project, runs: Sequence[Run]) -> Run | None:
    """The newest that goes on, else the newest that learned, else the newest of the project."""
    ours = runs_of(project, runs)
    own = [run for run in ours if run.project]
    orders = (
        (run for run in own if run.live),
        (run for run in ours if run.live),
        (run for run in own if run.kind in LEARNING),
        own,
    )
    return next((run for order in orders for run in order), None)


def beside(run: Run | None, by: int, project: Project, runs: Sequence[Run]) -> Run | None:
    """The run that is so many places older than this one, in the project's own list."""
    ours = runs_of(project, runs)
    places = [at for at, item in enumerate(ours) if run is not None and item.id == run.id]
    at = places[0] + by if places else 0
    return ours[at] if 0 <= at < len(ours) else None
