"""Take every step of a run, and keep the best."""

import math
import time
from collections.abc import Generator, Sequence

from gardener_core.errors import NothingToLearn, StopRequested
from gardener_core.events.run import Noted, PhaseAdvanced
from gardener_core.events.train import (
    Checkpointed,
    EarlyStopped,
    HeldOutScored,
    LinesCompleted,
    RateHalved,
    StepSkipped,
)
from gardener_core.events.union import Event
from gardener_core.models.needs import must_recompute
from gardener_core.models.tokens import TextTokens
from gardener_core.store.garden.adapter_files import Partial, write_partial
from gardener_core.training.checkpoints import Checkpoints
from gardener_core.training.completed_lines import CompletedLines
from gardener_core.training.course import Course
from gardener_core.training.forecasts.forecasting import (
    ForecastFile,
    Meter,
    checked,
    refined,
    with_more,
)
from gardener_core.training.forecasts.probing import probe
from gardener_core.training.held_out_points import HeldOutPoints
from gardener_core.training.learner import Learner, require_finite
from gardener_core.training.lora import LoraModel
from gardener_core.training.order import RowOrder
from gardener_core.training.plan import TrainPlan
from gardener_core.training.rates import default_rate, rate_of
from gardener_core.training.retraining.steps import RATE_SHARE
from gardener_core.training.rows import TrainingRow

# A checkpoint is due after so many steps, or so many seconds where a step takes long.
STEPS_A_CHECKPOINT = 20
CHECKPOINT_SECONDS = 60.0
# From then on, what is foreseen rests on the run's own steps.
REFINED_SHARE = 0.05

Learning = Generator[Event, str | None, None]


def learn(
    plan: TrainPlan,
    rows: Sequence[TrainingRow],
    points: HeldOutPoints,
    lines: CompletedLines | None = None,
) -> Learning:
    """Take the steps that are left, and save the adapter of the best one."""
    recomputes = must_recompute(
        plan.base, plan.settings.rank, plan.settings.sequence_tokens, plan.device.free_bytes()
    )
    if recomputes:
        yield Noted("Memory is short: each layer is computed twice, which takes a quarter longer.")
    yield PhaseAdvanced("loading")
    with plan.interruptible:
        start = plan.parent.adapter if plan.parent else None
        model = LoraModel(
            plan.base, plan.settings, recomputes=recomputes, start=start, device=plan.device
        )
        learner = Learner(plan, model)
    run = LearningRun(plan, rows, points, learner, lines)
    yield from run.foresee(recomputes=recomputes)
    yield from run.steps()
    yield from run.compare()
    yield PhaseAdvanced("saving")
    model.save(plan.adapter)
    if plan.ends_now:
        write_partial(plan.adapter, Partial(run.kept_step, plan.settings.steps))


class LearningRun:
    """The steps of one attempt: from its checkpoint to the end, or until it is asked to stop."""

    def __init__(
        self,
        plan: TrainPlan,
        rows: Sequence[TrainingRow],
        points: HeldOutPoints,
        learner: Learner,
        lines: CompletedLines | None = None,
    ) -> None:
        self._plan = plan
        self._settings = plan.settings
        self._rows = rows
        self._points = points
        self._lines = lines or CompletedLines((), TextTokens(plan.base.folder), plan.settings)
        self._learner = learner
        self._order = RowOrder(plan.settings.seed, len(rows))
        self._peak = plan.settings.learning_rate or default_rate(learner.model.base_parameters)
        if plan.parent is not None:
            self._peak *= RATE_SHARE
        self._checkpoints = Checkpoints(plan.folder, learner)
        self._course = self._kept = self._checkpoints.restore()
        self._kept_at = time.monotonic()
        self.kept_step = 0  # the step whose weights are the adapter's, once it ended
        self._refined_at = max(2, round(REFINED_SHARE * plan.settings.steps))
        self._forecast = ForecastFile(plan.folder)
        self._meter = Meter(plan.interruptible, plan.device)
        # CPU-seconds and seconds of the lines that are completed on the way.
        self._besides = (0.0, 0.0)

    def foresee(self, *, recomputes: bool) -> Learning:
        """Tell what all steps will take, once in a run's life."""
        if self._course != Course() or self._plan.ends_now:
            return
        yield PhaseAdvanced("probing")
        rows = [self._rows[row] for row in self._order.of_step(0, self._settings.rows_a_step)]
        expected = probe(self._plan, self._learner, rows, self._points, recomputes=recomputes)
        if self._lines.lines:
            meter = Meter(self._plan.interruptible, self._plan.device)
            yield self._complete_lines()
            seconds, cpu_seconds, _ = meter.lap()
            times = self._lines.times
            self._besides = times * cpu_seconds, times * seconds
        yield self._forecast.keep(with_more(expected, *self._besides, self._settings.threads))

    def compare(self) -> Learning:
        """Tell what all steps took, beside what was expected."""
        expected = self._forecast.read()
        if expected is not None and self._course.taken:
            yield checked(expected, self._course)

    def steps(self) -> Learning:
        """Every step that is left; the weights are the best ones when it ends."""
        for problem in self._checkpoints.unreadable:
            yield Noted(f"{problem} The run goes on from step {self._course.step}.")
        if self._plan.ends_now:
            self._require_learned()
            yield from self._take_best()
            return
        yield PhaseAdvanced("training", self._course.step, self._settings.steps, "steps")
        self._meter.begin()
        try:
            while True:
                if self._points.is_due(self._course):
                    yield from self._score()
                if self._course.step == self._settings.steps or self._course.has_plateaued:
                    break
                yield from self._step()
        except StopRequested:
            if self._course != self._kept and not self._course.skipped:
                yield self._checkpoint()
            raise
        yield from self._take_best()

    def _step(self) -> Learning:
        """One step, and a checkpoint where one is due."""
        at = self._course.step
        picked = self._order.of_step(at, self._settings.rows_a_step)
        rate = rate_of(at, self._settings.steps, self._peak * self._course.rate_factor)
        event = self._learner.step([self._rows[row] for row in picked], at + 1, rate)
        skipped = isinstance(event, StepSkipped)
        self._course = self._course.stepped(skipped=skipped).measured(*self._meter.lap())
        asked = yield event
        if at + 1 == self._refined_at and self._course.taken == at + 1:
            yield from self._refine()
        require_finite(self._course.skipped, self._course.step, self._course.best_step)
        done = self._course.step
        late = time.monotonic() - self._kept_at > CHECKPOINT_SECONDS
        due = done % STEPS_A_CHECKPOINT == 0 or done == self._settings.steps or late
        due = due or self._lines.is_due(done)
        if (due or asked == "checkpoint") and not skipped:
            yield self._checkpoint()
        if self._lines.is_due(done):
            yield self._complete_lines()
            self._course = self._course.measured(*self._meter.lap())

    def _complete_lines(self) -> LinesCompleted:
        """What the model writes now in the place of the masked lines."""
        return self._lines.complete(
            self._learner.model, self._course.step, self._plan.interruptible
        )

    def _refine(self) -> Learning:
        """Foresee it again, from the first steps and points."""
        expected = self._forecast.read()
        if expected is not None:
            threads = self._settings.threads
            expected = refined(expected, self._course, threads)
            yield self._forecast.keep(with_more(expected, *self._besides, threads))

    def _score(self) -> Learning:
        """A point on the held-out curve, and what follows from it."""
        bits = self._points.bits_per_byte(self._learner.model, self._plan.interruptible)
        bits = bits if math.isfinite(bits) else math.inf
        self._course = self._course.scored(bits).measured(*self._meter.lap())
        if self._course.is_best:
            self._checkpoints.save_best(self._course)
        if math.isfinite(bits):  # else a step was skipped, and it was said
            yield HeldOutScored(self._course.step, bits, self._points.files)
        if self._course.must_halve:
            self._learner.begin_anew()
            worse_at, self._course = self._course.step, self._course.restarted()
            yield self._checkpoint()
            yield RateHalved(worse_at, self._peak * self._course.rate_factor)

    def _take_best(self) -> Learning:
        """Put the best weights back where the last ones are not the best."""
        course = self._course
        self.kept_step = course.step
        is_base = self._plan.ends_now and course.best_step == 0  # what was asked for is the last
        if course.scored_step < 0 or course.is_best or is_base:
            return
        best = self._checkpoints.restore_best()
        self.kept_step = best
        if course.step < self._settings.steps and not self._plan.ends_now:
            yield EarlyStopped(course.step, best)
        else:
            yield Noted(f"Step {best} was the best on files held out, so its weights are kept.")

    def _require_learned(self) -> None:
        if self._course.step == 0:
            raise NothingToLearn(
                f"Run {self._plan.run} has no checkpoint of which an adapter could be made.",
                hint="Start it again; its first checkpoint comes within a minute.",
            )

    def _checkpoint(self) -> Checkpointed:
        self._checkpoints.save(self._course)
        self._kept, self._kept_at = self._course, time.monotonic()
        return Checkpointed(self._course.step)
