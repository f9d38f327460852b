"""The list of all runs, past and live."""

import time
from typing import TYPE_CHECKING

from textual import on, work
from textual.widgets import OptionList

from gardener_core.errors import GardenError
from gardener_core.events.train import Scored
from gardener_core.store.garden.runs import Run
from gardener_core.system.terminal_text import clean_line
from gardener_tui.panes.background import each
from gardener_tui.panes.overview import Overview
from gardener_tui.screens.picker import Choice, Picker
from gardener_tui.toasts import error_text
from gardener_tui.widgets.plain_text import PlainText, styled
from gardener_tui.widgets.states import run_look
from gardener_tui.widgets.wording import count, when

if TYPE_CHECKING:
    from gardener_core.garden.door import Garden


class RunList(Picker):
    """Every run of every project; the scores of the one that one is at are read as one goes."""

    def __init__(self, garden: "Garden", overview: Overview, at: str) -> None:
        now = time.time()
        choices = [choice_of(run, overview, now) for run in overview.runs]
        super().__init__("Runs", "Which run?  project, kind, state or version", choices, at)
        self._garden = garden
        self._overview = overview

    @on(OptionList.OptionHighlighted)
    def _highlighted(self, event: OptionList.OptionHighlighted) -> None:
        event.stop()
        run = self._overview.run(event.option_id or "")
        if run is not None:
            self._tell_scores(run)

    @work(exclusive=True, group="scores", exit_on_error=False)
    async def _tell_scores(self, run: Run) -> None:
        told = self.query_one("#pick-told", PlainText)
        told.show("")
        scores: list[Scored] = []
        try:
            async for batch in each(lambda stop: self._garden.runs.follow(run.id, stop)):
                scores += [event for event in batch if isinstance(event, Scored)]
                if not batch:
                    break  # caught up with a run that goes on
        except GardenError as problem:
            told.show(styled((f"✖ {error_text(self.app, problem)}", "$error")))
            return
        values = " → ".join(f"{score.value:.3f}" for score in scores)
        if scores:
            measure = scores[0].measure.replace("_", " ")
            told.show(styled((f"held out, {measure}  ", "$label"), values))


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
