"""What a run has told so far."""

from collections.abc import Sequence
from dataclasses import dataclass

from gardener_core.events.index import ChunksEmbedded, FilesRead
from gardener_core.events.run import (
    Died,
    Failed,
    Finished,
    Heard,
    Paused,
    Queued,
    Resumed,
    Silent,
    Started,
    Stopped,
)
from gardener_core.events.train import Checkpointed, Planned, Scored, StepDone
from gardener_core.events.union import Event
from gardener_core.jobs.follow import Steps, TimedEvent
from gardener_core.jobs.phases import Estimate, Phases
from gardener_core.store.garden.runs import ENDED
from gardener_tui.panes.training.notes import Note, note_of
from gardener_tui.widgets.curve import CurveData

MOST_NOTES = 2000


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why a run ended before its time."""

    what: str
    hint: str


class RunProgress:
    """Adds up the facts of one run; the training pane owns it and draws it.

    It depends on the facts and their order alone: not on how they were cut into batches, and not
    on when the screen came. So what was told long ago looks as it did when it was told.
    """

    def __init__(self, kind: str, state: str) -> None:
        self.kind = kind
        self.state = state
        self.phases = Phases()
        # A run may grow its base before it trains; each kind of step has a curve of its own.
        self.curves: dict[str, CurveData] = {"": CurveData()}
        self.newest = ""
        self.last_step: StepDone | None = None
        self.plans: dict[str, Planned] = {}
        self.step = 0
        self.files: FilesRead | ChunksEmbedded | None = None
        self.ahead = 0
        self.checkpoints: list[int] = []
        self.scores: dict[str, Scored] = {}
        self.notes: list[Note] = []
        self.heard: Heard | None = None
        self.silent_since: float | None = None
        self.trouble: Trouble | None = None
        self.finished: Finished | None = None
        self._unknown: set[str] = set()

    @property
    def curve(self) -> CurveData:
        """The curve of the newest steps."""
        return self.curves[self.newest]

    @property
    def kinds(self) -> list[str]:
        """The kinds of steps that there were, in their order."""
        return [kind for kind in self.curves if kind]

    @property
    def steps(self) -> int:
        """How many steps the run has in its present part."""
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
        """The step at which the newest checkpoint stands."""
        return self.checkpoints[-1] if self.checkpoints else None

    @property
    def part(self) -> float | None:
        """How much of what the run is at is done, from 0 to 1, where that is known."""
        if self.files is not None:
            return self.files.done / self.files.total if self.files.total else None
        return self.phases.part.share if self.phases.part else None

    @property
    def estimate(self) -> Estimate | None:
        """How long the rest takes by what was measured in this run, while it works."""
        if self.state != "running":
            return None
        if self.files is not None:
            left = self.files.left_seconds
            return Estimate(left, left) if left else None
        return self.phases.estimate(trains=self.kind == "train")

    def add(self, batch: Sequence[TimedEvent | Steps], now: float) -> None:
        """Take what the run told next; `now` is the screen's clock, for silence alone."""
        if not batch and self.state in ENDED:
            # Caught up and still followed: a new attempt has been started, but has not spoken.
            self._go("starting")
        for told in batch:
            self.phases.take(told)
            if isinstance(told, Steps):
                self._begin(told.kind)
                self.curve.extend(told.step, told.loss)
            else:
                self._take(told.event)
                self._note(told.event)
                event = told.event
                self.silent_since = now - event.seconds if isinstance(event, Silent) else None

    def _take(self, event: Event) -> None:
        match event:
            case StepDone():
                self._begin(event.kind)
                self.curve.add(event.step, event.loss)
                self.step, self.last_step = event.step, event
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
            case _:
                self._turn(event)

    def _turn(self, event: Event) -> None:
        match event:
            case Queued(ahead=ahead):
                self._go("queued")
                self.ahead = ahead
            case Started() | Resumed():
                self._go("running")
            case Paused():
                self._go("paused")
            case Stopped():
                self._go("stopped")
            case Finished():
                self._go("finished")
                self.finished = event
            case Failed(what=what, hint=hint):
                self._go("failed", Trouble(what, hint))
            case Died(what=what):
                self._go("died", Trouble(what, ""))
            case _:
                pass

    def _begin(self, kind: str) -> None:
        self.newest = kind
        if kind not in self.curves:
            self.curves[kind] = CurveData()

    def _note(self, event: Event) -> None:
        note = note_of(event, self.step, self._unknown)
        if note is not None:
            self.notes.append(note)
            if len(self.notes) > 2 * MOST_NOTES:
                del self.notes[:-MOST_NOTES]

    def _go(self, state: str, trouble: Trouble | None = None) -> None:
        self.state = state
        self.trouble = trouble
        self.heard = None
