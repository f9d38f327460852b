"""Hand the curves of runs to other programs."""

from collections.abc import Iterator
from pathlib import Path

from gardener_core.events.union import Event
from gardener_core.jobs.scalars import follow_into
from gardener_core.store.garden.runs import Run
from gardener_core.system.places import Places


class Curves:
    """The numbers of runs, as other programs read them."""

    def __init__(self, places: Places) -> None:
        self._places = places

    def follow_into(self, run: Run, folder: Path) -> Iterator[list[Event]]:
        """Follow a run, and write every number of it into a folder for TensorBoard."""
        return follow_into(self._places.run(run.id), run.started, folder)
