"""Choose a run of any project, past or live."""

import time

from textual import on
from textual.app import ComposeResult

from gardener_core.errors import GardenError
from gardener_core.events.train import Scored
from gardener_core.store.garden.runs import Run
from gardener_core.system.terminal_text import clean_line
from gardener_tui.garden import ScreenGarden
from gardener_tui.panes.background import each, start
from gardener_tui.panes.overview import Overview
from gardener_tui.screens.pickers.pick_box import Choice, PickBox
from gardener_tui.screens.sheet import Sheet
from gardener_tui.toasts import error_text
from gardener_tui.widgets.footer import Hints
from gardener_tui.widgets.plain_text import styled
from gardener_tui.widgets.states import run_look
from gardener_tui.widgets.wording import count, when


class RunList(Sheet[str | None]):
    """Every run of every project; shows the scores of the highlighted one."""

    def __init__(self, garden: ScreenGarden, overview: Overview, at: str) -> None:
        super().__init__()
        self._garden = garden
        now = time.time()
        choices = [choice_of(run, overview, now) for run in overview.runs]
        self._box = PickBox("Runs", "Which run?  project, kind, state or version", choices, at)

    def compose(self) -> ComposeResult:
        """The list and its keys."""
        yield self._box
        yield Hints("list")

    @on(PickBox.Picked)
    def _picked(self, event: PickBox.Picked) -> None:
        self.dismiss(event.choice)

    @on(PickBox.Highlighted)
    def _highlighted(self, event: PickBox.Highlighted) -> None:
        start(self, "scores", lambda: self._show_scores(event.choice))

    async def _show_scores(self, run_id: str) -> None:
        self._box.show_details("")
        scores: list[Scored] = []
        try:
            async for batch in each(lambda stop: self._garden.runs.follow(run_id, stop)):
                scores += [event for event in batch if isinstance(event, Scored)]
                if not batch:
                    break  # all that a live run has written so far
        except GardenError as problem:
            self._box.show_details(styled((f"✖ {error_text(self.app, problem)}", "$error")))
            return
        if scores:
            values = " → ".join(f"{score.value:.3f}" for score in scores)
            measure = scores[0].measure.replace("_", " ")
            self._box.show_details(styled((f"held out, {measure}  ", "$label"), values))


def choice_of(run: Run, overview: Overview, now: float) -> Choice:
    """One line: state, what it makes and does, project, step, loss, when."""
    phase = overview.phases.get(run.id)
    look = run_look(run.state, run.kind, phase.phase if phase else None)
    project = overview.project(run.project)
    owner = clean_line(project.name) if project else "-"
    name = clean_line(overview.name_of_run(run))
    does = name if name == run.kind else f"{name} {run.kind}"
    steps = f"{count(run.step)}/{count(run.steps)}" if run.steps else ""
    loss = f"{run.loss:.3f}" if run.loss is not None else ""
    line = styled(
        (f"{look.glyph} {look.word}".ljust(13), look.colour),
        f"{does[:15]:<16}",
        (f"{owner[:16]:<17}", "$primary"),
        (f"{steps:>11} {loss:>7}  ", "$label"),
        (when(run.started, now), "$label"),
    )
    return Choice(run.id, line, f"{owner} {name} {run.kind} {look.word} {run.id}")
