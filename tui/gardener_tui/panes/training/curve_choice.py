"""Which curves the chart shows."""

from gardener_tui.panes.training.facts import ShownRun
from gardener_tui.panes.training.run_curves import CurveName


class CurveChoice:
    """The curve that was chosen, and the run that is marked to be drawn beside others."""

    def __init__(self) -> None:
        self.marked: ShownRun | None = None
        self._name: CurveName | None = None

    def name(self, shown: ShownRun) -> CurveName:
        """The curve that is shown: the chosen one, else the loss of the newest steps."""
        return self._name or CurveName(shown.progress.newest)

    def reset(self) -> None:
        """Show the loss of the newest steps again."""
        self._name = None

    def switch(self, shown: ShownRun | None) -> bool:
        """Choose the next curve; false where the run has one only."""
        names = shown.progress.curves.names if shown else []
        if shown is None or len(names) < 2:
            return False
        now = self.name(shown)
        at = names.index(now) + 1 if now in names else 0
        self._name = names[at % len(names)]
        return True

    def other(self, shown: ShownRun | None) -> ShownRun | None:
        """The marked run, where it is another one than the one shown."""
        marked = self.marked
        return None if marked is None or shown is None or marked.run.id == shown.run.id else marked

    def switch_mark(self, shown: ShownRun) -> bool:
        """Mark a run, or unmark it where it is marked; true where it is marked now."""
        again = self.marked is not None and self.marked.run.id == shown.run.id
        self.marked = None if again else shown
        return not again

    def forget(self, run_id: str) -> None:
        """Unmark a run that was dropped."""
        if self.marked is not None and self.marked.run.id == run_id:
            self.marked = None
