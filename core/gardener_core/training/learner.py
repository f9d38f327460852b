"""Take the steps of the optimiser."""

import math
from collections.abc import Sequence

import torch

from gardener_core.errors import TrainingDiverged
from gardener_core.events.train import StepDone, StepSkipped
from gardener_core.training.lora import LoraModel
from gardener_core.training.plan import TrainPlan
from gardener_core.training.rows import TrainingRow

LONGEST_GRADIENT = 1.0
MOST_SKIPPED = 3


class Learner:
    """A model that learns, one step at a time."""

    def __init__(self, plan: TrainPlan, model: LoraModel) -> None:
        self._plan = plan
        self.model = model
        self.optimiser = self._new_optimiser()
        # To begin anew from; a matrix of zeros and one of small numbers a layer.
        self._first = [weight.detach().clone() for weight in model.trainable]

    def begin_anew(self) -> None:
        """Forget all that was learned."""
        with torch.no_grad():
            for weight, first in zip(self.model.trainable, self._first, strict=True):
                weight.copy_(first)
        self.optimiser = self._new_optimiser()

    def step(self, rows: Sequence[TrainingRow], number: int, rate: float) -> StepDone | StepSkipped:
        """One optimiser step; the loss is the mean over all learned tokens of the rows.

        Nothing changes before the optimiser's step, so a step may be interrupted anywhere. One
        whose loss or gradient is not a finite number changes nothing at all.
        """
        began = self._plan.interruptible.now()
        loss = self._loss(rows)
        if not math.isfinite(loss):
            return self._skipped(number, StepSkipped(number, "loss"))
        norm = torch.nn.utils.clip_grad_norm_(self.model.trainable, LONGEST_GRADIENT).item()
        if not math.isfinite(norm):
            return self._skipped(number, StepSkipped(number, "gradient"))
        self.optimiser.param_groups[0]["lr"] = rate
        self.optimiser.step()
        self.optimiser.zero_grad(set_to_none=True)
        tokens = sum(len(row.tokens) - 1 for row in rows)
        return StepDone(
            run=self._plan.run,
            kind="train",
            step=number,
            steps=self._plan.settings.steps,
            loss=loss,
            learning_rate=rate,
            tokens_a_second=tokens / (self._plan.interruptible.now() - began),
            memory_bytes=self._plan.device.used_bytes(),
            gradient_norm=norm,
        )

    def _loss(self, rows: Sequence[TrainingRow]) -> float:
        learned = sum(row.learned_tokens for row in rows)
        loss = 0.0
        with self._plan.interruptible:
            for row in rows:  # one at a time: on a CPU that costs nothing and keeps the memory low
                nats = self.model.summed_loss(row)
                (nats / learned).backward()
                loss += nats.item() / learned
        return loss

    def _skipped(self, number: int, event: StepSkipped) -> StepSkipped:
        self.optimiser.zero_grad(set_to_none=True)
        return event

    def _new_optimiser(self) -> torch.optim.Optimizer:
        return torch.optim.AdamW(self.model.trainable, betas=(0.9, 0.99), weight_decay=0.0)


def require_finite(skipped: int, step: int, best_step: int) -> None:
    """End a run of which several steps in a row had no finite numbers."""
    if skipped < MOST_SKIPPED:
        return
    raise TrainingDiverged(
        f"{MOST_SKIPPED} steps in a row, up to step {step}, had a loss or a gradient that is not "
        f"a finite number.",
        hint=f"Lower training.learning_rate. What was learned by step {best_step} can be kept.",
    )
