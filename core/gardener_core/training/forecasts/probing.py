"""Take two rows for a probe, to foresee the whole run."""

import time
from collections.abc import Sequence

from gardener_core.events.train import Forecast
from gardener_core.models.needs import training_bytes
from gardener_core.models.shape import shape_of
from gardener_core.training.forecasts.forecasting import forecast
from gardener_core.training.held_out_points import HeldOutPoints
from gardener_core.training.learner import Learner
from gardener_core.training.plan import TrainPlan
from gardener_core.training.rows import TrainingRow

# Scoring goes forward alone; going back takes about twice as long.
_SCORING_SHARE = 1 / 3
# Measured in six runs on two bases: 1.04 to 1.20 times the peak of the first step.
_LATER_STEPS = 1.13


def probe(
    plan: TrainPlan,
    learner: Learner,
    rows: Sequence[TrainingRow],
    points: HeldOutPoints,
    *,
    recomputes: bool,
) -> Forecast:
    """Learn two of these rows, forget them again, and count what all steps will take.

    The first row wakes caches and threads; the second one is timed.
    """
    settings = plan.settings
    can_measure = plan.device.forget_peak()
    learner.step(rows[:1], 0, 0.0)
    began, cpu_began = plan.interruptible.now(), time.process_time()
    learner.step(rows[-1:], 0, 0.0)
    seconds, cpu_seconds = plan.interruptible.now() - began, time.process_time() - cpu_began
    peak = int(_LATER_STEPS * plan.device.peak_bytes()) if can_measure else 0
    learner.begin_anew()
    row_tokens = sum(len(row.tokens) - 1 for row in rows) / len(rows)
    all_tokens = settings.steps * settings.rows_a_step * row_tokens
    work = (all_tokens + _SCORING_SHARE * points.tokens) / (len(rows[-1].tokens) - 1)
    formula = training_bytes(
        shape_of(plan.base), settings.rank, settings.sequence_tokens, recomputes=recomputes
    )
    parameters = sum(weight.numel() for weight in learner.model.trainable)
    return forecast(settings, parameters, (formula, peak), cpu_seconds * work, seconds * work)
