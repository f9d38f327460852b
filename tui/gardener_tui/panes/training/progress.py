"""What a run has told so far."""

from dataclasses import dataclass

from gardener_core.events import (
    Checkpointed,
    ChunksEmbedded,
    Died,
    Event,
    Failed,
    FilesRead,
    Finished,
    Paused,
    Planned,
    Queued,
    Resumed,
    Scored,
    Silent,
    Started,
    StepDone,
    Stopped,
)
from gardener_core.jobs.curve import Curve as ToldCurve
from gardener_core.keeping.runs import ENDED
from gardener_tui.panes.training.notes import Note, note_of
from gardener_tui.widgets.curve import Curve

PACE_SECONDS = 20.0
MOST_NOTES = 2000


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why a run ended before its time."""

    what: str
    hint: str


class Progress:
    """Adds up the events of one run; the training pane owns it and draws it."""

    def __init__(self, kind: str, state: str) -> None:
        self.kind = kind
        self.state = state
        self.curve = Curve()
        self.step = 0
        self.steps = 0
        self.loss: float | None = None
        self.files: FilesRead | ChunksEmbedded | None = None
        self.ahead = 0
        self.checkpoint: int | None = None
        self.scores: dict[str, Scored] = {}
        self.notes: list[Note] = []
        self.silent_since: float | None = None
        self.trouble: Trouble | None = None
        self.seconds: float | None = None
        self._told_before = False
        self._pace: list[tuple[float, int]] = []

    @property
    def part(self) -> float | None:
        """How much is done, from 0 to 1, where that is known."""
        if self.steps:
            return self.step / self.steps
        if self.files and self.files.total:
            return self.files.done / self.files.total
        return None

    @property
    def steps_a_second(self) -> float | None:
        """The pace of the last steps that were seen live."""
        if len(self._pace) < 2 or self.state != "running":
            return None
        (then, first), (now, last) = self._pace[0], self._pace[-1]
        return None if last <= first or now <= then else (last - first) / (now - then)

    @property
    def eta_seconds(self) -> float | None:
        """How long the rest takes at this pace; monotonic, so no clock can bend it."""
        pace = self.steps_a_second
        return None if pace is None else (self.steps - self.step) / pace

    def add(self, batch: list[Event], now: float) -> None:
        """Take a batch; the first one is history, so it says nothing about the pace."""
        if not batch and self.state in ENDED:
            # Caught up and still followed: a new attempt has been started, but has not spoken.
            self._go("starting")
        for event in batch:
            self._take(event)
            self._mind_silence(event, now)
            note = note_of(event, self.step)
            if note is not None:
                self.notes.append(note)
        if len(self.notes) > 2 * MOST_NOTES:
            del self.notes[:-MOST_NOTES]
        if self._told_before and any(isinstance(event, StepDone) for event in batch):
            recent = [(then, step) for then, step in self._pace if now - then < PACE_SECONDS]
            self._pace = [*recent, (now, self.step)]
        self._told_before = True

    def _take(self, event: Event) -> None:
        match event:
            case StepDone():
                self._take_step(event)
            case Queued(ahead=ahead):
                self._go("queued")
                self.ahead = ahead
            case Started() | Resumed():
                self._go("running")
            case Planned(kind=kind, steps=steps) if not self.steps or kind != self.kind:
                self._begin_kind(kind)
                self.steps = steps
            case Paused():
                self._go("paused")
            case Stopped():
                self._go("stopped")
            case Finished(seconds=seconds):
                self._go("finished")
                self.seconds = seconds
            case Failed(what=what, hint=hint):
                self._go("failed", Trouble(what, hint))
            case Died(what=what):
                self._go("died", Trouble(what, ""))
            case FilesRead() | ChunksEmbedded():
                self.files = event
            case Scored(when=when):
                self.scores[when] = event
            case Checkpointed(step=step):
                self.checkpoint = step
            case _:
                pass

    def _mind_silence(self, event: Event, now: float) -> None:
        self.silent_since = now - event.seconds if isinstance(event, Silent) else None

    def take_curve(self, told: ToldCurve, steps: int) -> None:
        """Take every step told so far at once; what follows tells the rest."""
        if not told.kinds:
            return
        newest = len(told.kinds) - 1
        self.kind, self.steps = told.kinds[newest], steps
        start = told.kind.index(newest)
        self.curve.extend(told.step[start:], told.loss[start:])
        self.step, self.loss = self.curve.steps[-1], self.curve.values[-1]

    def _begin_kind(self, kind: str) -> None:
        # A run may grow its base before it trains; the newest kind has the chart.
        if kind != self.kind:
            self.kind = kind
            self.curve = Curve()
            self.checkpoint = None
            self.step, self.loss, self._pace = 0, None, []

    def _take_step(self, event: StepDone) -> None:
        self._begin_kind(event.kind)
        self.step, self.steps, self.loss = event.step, event.steps, event.loss
        self.curve.add(event.step, event.loss)

    def _go(self, state: str, trouble: Trouble | None = None) -> None:
        self.state = state
        self.trouble = trouble
        self._pace = []
