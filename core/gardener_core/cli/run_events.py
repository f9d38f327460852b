"""Follow a run, and raise what ended it early."""

from collections.abc import Iterator
from pathlib import Path

from gardener_core.errors import EngineLost, Remedy, StopRequested, revive
from gardener_core.events.run import Died, Failed, Stopped
from gardener_core.events.union import Event
from gardener_core.garden.door import Garden


def events_of(garden: Garden, run_id: str, scalars: Path | None = None) -> Iterator[Event]:
    """The events of a run, one by one; its curves are written into the folder `scalars`."""
    if scalars:
        batches = garden.curves.follow_into(garden.runs.find(run_id), scalars)
    else:
        batches = garden.runs.follow(run_id)
    for batch in batches:
        yield from batch


def raise_if_bad(last: Event | None, run_id: str) -> None:
    """An error for a run that did not finish."""
    match last:
        case Failed(code=code, what=what, hint=hint, remedy=remedy):
            raise revive(code, what, hint, remedy)
        case Died(what=what):
            raise EngineLost(f"Run {run_id} died: {what}", remedy=Remedy("resume", run_id))
        case Stopped():
            raise StopRequested(f"Run {run_id} was stopped.", remedy=Remedy("resume", run_id))
