"""Which curves the chart shows."""

from gardener_tui.panes.training.facts import ShownRun


class CurveChoice:
    """The kind of steps that was chosen, and the run that is marked to be drawn beside others."""

    def __init__(self) -> None:
        self.marked: ShownRun | None = None
        self._kind = ""

    def kind(self, shown: ShownRun | None) -> str:
        """The kind of steps whose curve is shown: the chosen one, else the newest."""
        return self._kind or (shown.progress.newest if shown else "")

    def reset_kind(self) -> None:
        """Show the newest kind of steps again."""
        self._kind = ""

    def switch_kind(self, shown: ShownRun | None) -> bool:
        """Choose the next kind; false where the run has one curve only."""
        kinds = shown.progress.kinds if shown else []
        if len(kinds) < 2:
            return False
        self._kind = kinds[(kinds.index(self.kind(shown)) + 1) % len(kinds)]
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
