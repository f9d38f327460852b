"""What a run has reported so far."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import assert_never

from gardener_core.events.answer import (
    Answered,
    Completed,
    Composed,
    NamesChecked,
    Placed,
    Prompted,
    ReadAhead,
    SummariesMade,
    Token,
)
from gardener_core.events.export import Deployed, Exported
from gardener_core.events.index import (
    ChunksEmbedded,
    EmbedderChanged,
    EmbedderTried,
    FilesRead,
    Indexed,
    Linked,
    Refreshed,
    Retrieved,
    Settled,
    Stale,
    Stalled,
    Surveyed,
    TableChecked,
    Watching,
)
from gardener_core.events.pull import Pulled, SourceTried
from gardener_core.events.run import (
    Died,
    Failed,
    Finished,
    Heard,
    Noted,
    Paused,
    PhaseAdvanced,
    Queued,
    Resumed,
    Silent,
    Started,
    Stopped,
)
from gardener_core.events.switch import Switched
from gardener_core.events.train import (
    AlertRaised,
    Checkpointed,
    DeviceChosen,
    EarlyStopped,
    Forecast,
    ForecastChecked,
    Gated,
    Grown,
    HeldOutScored,
    LinesCompleted,
    Planned,
    RateHalved,
    RecentScored,
    RetentionMeasured,
    Saved,
    Scored,
    StepDone,
    StepSkipped,
)
from gardener_core.events.union import Event, Unknown
from gardener_core.jobs.follow import Steps, TimedEvent
from gardener_core.jobs.phases import Estimate, Phases
from gardener_core.store.garden.runs import ENDED, RunState
from gardener_tui.panes.training.notes import Note, note_of
from gardener_tui.panes.training.run_curves import RunCurves
from gardener_tui.widgets.charts.curve import CurveData

MOST_NOTES = 2000
StateEvent = Queued | Started | Paused | Resumed | Stopped | Finished | Failed | Died


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why a run ended early."""

    what: str
    hint: str


class RunProgress:
    """Adds up the events of one run; the training pane owns it and draws it.

    It depends on the events and their order alone: not on how they were cut into batches, and not
    on when the screen was opened. So a run that is replayed looks as it did live.
    """

    def __init__(self, kind: str, state: RunState) -> None:
        self.kind = kind
        self.state: RunState = state
        self.phases = Phases()
        self.curves = RunCurves()
        self.newest = ""
        self.last_step: StepDone | None = None
        self.device: DeviceChosen | None = None
        self.plans: dict[str, Planned] = {}
        self.step = 0
        self.files: FilesRead | ChunksEmbedded | None = None
        self.ahead = 0
        self.checkpoints: list[int] = []
        self.lines: list[LinesCompleted] = []
        self.scores: dict[str, Scored] = {}
        self.notes: list[Note] = []
        self.heard: Heard | None = None
        self.silent_since: float | None = None
        self.trouble: Trouble | None = None
        self.finished: Finished | None = None
        self._unknown: set[str] = set()

    @property
    def live(self) -> bool:
        """Whether the run works or waits to."""
        return self.state not in ENDED

    @property
    def curve(self) -> CurveData:
        """The loss of the newest kind of steps; a run may grow its base before it trains."""
        return self.curves.of(self.newest)

    @property
    def steps(self) -> int:
        """How many steps the current part has."""
        if self.last_step is not None and self.step:
            return self.last_step.steps
        plan = self.plans.get("train") or self.plans.get("grow")
        return plan.steps if plan else 0

    @property
    def loss(self) -> float | None:
        """The loss of the newest step."""
        return self.last_step.loss if self.last_step is not None and self.step else None

    @property
    def checkpoint(self) -> int | None:
        """The step of the newest checkpoint."""
        return self.checkpoints[-1] if self.checkpoints else None

    @property
    def part(self) -> float | None:
        """How much of the current part is done, from 0 to 1, where that is known."""
        if self.files is not None:
            return self.files.done / self.files.total if self.files.total else None
        return self.phases.part.share if self.phases.part else None

    @property
    def estimate(self) -> Estimate | None:
        """How long the rest takes, as measured in this run, while it works."""
        if self.state != "running":
            return None
        if self.files is not None:
            left = self.files.left_seconds
            return Estimate(left, left) if left else None
        return self.phases.estimate(trains=self.kind == "train")

    def add(self, batch: Sequence[TimedEvent | Steps], now: float) -> None:
        """Take the next events; `now` is the screen's clock, used for silence alone."""
        if not batch and not self.live:
            # Caught up and still followed: a new attempt was started and has reported nothing.
            self._change_state("starting")
        for item in batch:
            self.phases.take(item)
            if isinstance(item, Steps):
                self.newest = item.kind
                self.curves.extend(item)
            else:
                event = item.event
                self._take(event)
                self._note(event)
                self.silent_since = now - event.seconds if isinstance(event, Silent) else None

    def _take(self, event: Event) -> None:
        match event:
            case StepDone():
                self.newest = event.kind
                self.curves.add(event)
                self.step, self.last_step = event.step, event
            case DeviceChosen():
                self.device = event
            case LinesCompleted():
                self.lines.append(event)
            case HeldOutScored():
                self.curves.add_held_out(event)
            case Planned(kind=kind):
                self.plans[kind] = event
                if kind != self.newest:
                    self.step = 0
            case FilesRead() | ChunksEmbedded():
                self.files = event
            case Scored(when=when):
                self.scores[when] = event
            case Checkpointed(step=step):
                self.checkpoints.append(step)
                self.heard = None
            case Heard():
                self.heard = event
            case Queued() | Started() | Paused() | Resumed() | Stopped() | Finished():
                self._take_state(event)
            case Failed() | Died():
                self._take_state(event)
            # These change nothing here; most of them become notes.
            case Forecast() | ForecastChecked() | StepSkipped() | RateHalved() | EarlyStopped():
                pass
            case AlertRaised() | RetentionMeasured() | RecentScored():
                pass
            case Silent() | Noted() | PhaseAdvanced() | Stalled() | Settled() | Surveyed():
                pass
            case Indexed() | Linked() | Watching() | Refreshed() | Stale() | EmbedderChanged():
                pass
            case EmbedderTried() | Retrieved() | TableChecked() | Token() | Composed() | Prompted():
                pass
            case Answered() | ReadAhead() | SummariesMade() | NamesChecked() | Placed():
                pass
            case Completed() | Switched() | Saved() | Gated() | Grown() | Exported():
                pass
            case Deployed() | SourceTried() | Pulled() | Unknown():
                pass
            case _ as never:
                assert_never(never)

    def _take_state(self, event: StateEvent) -> None:
        match event:
            case Queued(ahead=ahead):
                self._change_state("queued")
                self.ahead = ahead
            case Started() | Resumed():
                self._change_state("running")
            case Paused():
                self._change_state("paused")
            case Stopped():
                self._change_state("stopped")
            case Finished():
                self._change_state("finished")
                self.finished = event
            case Failed(what=what, hint=hint):
                self._change_state("failed", Trouble(what, hint))
            case Died(what=what):
                self._change_state("died", Trouble(what, ""))
            case _ as never:
                assert_never(never)

    def _note(self, event: Event) -> None:
        note = note_of(event, self.step, self._unknown)
        if note is not None:
            self.notes.append(note)
            if len(self.notes) > 2 * MOST_NOTES:
                del self.notes[:-MOST_NOTES]

    def _change_state(self, state: RunState, trouble: Trouble | None = None) -> None:
        self.state = state
        self.trouble = trouble
        self.heard = None
