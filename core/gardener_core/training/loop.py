"""Train an adapter, step by step."""

import time
from collections.abc import Generator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import torch

from gardener_core.errors import StopRequested
from gardener_core.evaluation.bits_per_byte import MEASURE, ScoreSheet, Scoring, When, bits_per_byte
from gardener_core.evaluation.sample import Sample, sample_files
from gardener_core.evaluation.split import LONGEST_CHARACTERS, SourceFile, split_files
from gardener_core.events.run import Noted, PhaseAdvanced
from gardener_core.events.train import Checkpointed, Planned, Scored, StepDone
from gardener_core.events.union import Event
from gardener_core.models.model import BaseModel
from gardener_core.models.needs import must_recompute
from gardener_core.models.tokens import TextTokens
from gardener_core.models.torch.loading import load_adapter, load_base
from gardener_core.models.torch.precision import training_dtype
from gardener_core.models.torch.schedule import rate_share
from gardener_core.settings.schema import TrainingSettings
from gardener_core.system.hardware import resident_bytes
from gardener_core.system.interrupts import Interruptible
from gardener_core.training.checkpoints import Checkpoints
from gardener_core.training.data.reading import training_rows
from gardener_core.training.lora import LoraModel
from gardener_core.training.rows import TrainingRow

# A checkpoint is due after so many steps, or so many seconds where a step takes long.
STEPS_A_CHECKPOINT = 20
CHECKPOINT_SECONDS = 60.0
WARM_UP_STEPS = 5
DECAY_SHARE = 0.35
LONGEST_GRADIENT = 1.0
# The best rate falls with the size of the base; measured on 3M, 135M and 0.5B parameters.
RATES = ((10_000_000, 3e-3), (250_000_000, 5e-4), (2_000_000_000, 3e-4))
RATE_ABOVE = 2e-4

Learning = Generator[Event, str | None, None]


@dataclass(frozen=True, slots=True)
class TrainPlan:
    """Everything that a training run depends on."""

    run: str
    base: BaseModel
    sources: Sequence[SourceFile]
    folder: Path
    settings: TrainingSettings
    interruptible: Interruptible = field(default_factory=Interruptible)
    control: Path | None = None  # the adapter of another project, to compare with
    measured: bool = True
    rows: Path | None = None  # a folder of prepared rows; none: the files in order

    @property
    def adapter(self) -> Path:
        """Where the plain PEFT folder is written."""
        return self.folder / "adapter"


def train(plan: TrainPlan) -> Learning:
    """Train on most files of a project and measure on the others, before and after.

    Killed at any point and called again, it ends with the same weights and scores. The caller may
    send "checkpoint", which holds until one is written; a `StopRequested` that is thrown in saves
    a checkpoint and is raised again.
    """
    settings = plan.settings
    torch.set_num_threads(settings.threads)
    split = split_files(plan.sources)
    tokens = TextTokens(plan.base.folder)
    if split.left_out:
        yield Noted(f"{split.left_out} files over {LONGEST_CHARACTERS:,} characters are left out.")
    yield Planned(
        run=plan.run,
        kind="train",
        base=plan.base.name,
        steps=settings.steps,
        tokens=settings.steps * settings.rows_a_step * settings.sequence_tokens,
        train_files=len(split.train),
        held_out_files=len(split.held_out),
    )
    rows = yield from training_rows(plan.rows, split.train, tokens, settings.sequence_tokens)
    sample = sample_files(split.held_out, plan.base.bytes)
    if plan.measured:
        yield from _scored(plan, "before", tokens, sample)
    yield from _take_steps(plan, rows)
    if plan.measured:
        yield from _scored(plan, "after", tokens, sample)
    if plan.control:
        yield from _scored(plan, "control", tokens, sample)


def _take_steps(plan: TrainPlan, rows: Sequence[TrainingRow]) -> Learning:
    settings = plan.settings
    recomputes = must_recompute(plan.base, settings.rank, settings.sequence_tokens)
    if recomputes:
        yield Noted("Memory is short: each layer is computed twice, which takes a quarter longer.")
    yield PhaseAdvanced("loading")
    with plan.interruptible:
        model = LoraModel(plan.base, settings.rank, settings.alpha, recomputes=recomputes)
    optimiser = torch.optim.AdamW(model.trainable, betas=(0.9, 0.99), weight_decay=0.0)
    checkpoints = Checkpoints(plan.folder, model, optimiser)
    peak = settings.learning_rate or default_rate(model.base_parameters)
    done = kept = checkpoints.restore()
    kept_at = time.monotonic()
    yield PhaseAdvanced("training", done, settings.steps, "steps")
    try:
        while done < settings.steps:
            rate = peak * rate_share(done, settings.steps, WARM_UP_STEPS, DECAY_SHARE)
            optimiser.param_groups[0]["lr"] = rate
            picked = [
                (done * settings.rows_a_step + k) % len(rows) for k in range(settings.rows_a_step)
            ]
            event = _step(plan, model, optimiser, [rows[k] for k in picked], done + 1)
            done += 1
            asked = yield event
            late = time.monotonic() - kept_at > CHECKPOINT_SECONDS
            due = done % STEPS_A_CHECKPOINT == 0 or done == settings.steps or late
            if due or asked == "checkpoint":
                checkpoints.save(done)
                kept, kept_at = done, time.monotonic()
                yield Checkpointed(done)
    except StopRequested:
        if done > kept:
            checkpoints.save(done)
            yield Checkpointed(done)
        raise
    yield PhaseAdvanced("saving")
    model.save(plan.adapter)


def _step(
    plan: TrainPlan,
    model: LoraModel,
    optimiser: torch.optim.Optimizer,
    rows: Sequence[TrainingRow],
    number: int,
) -> StepDone:
    """One optimiser step; the loss is the mean over all learned tokens of the rows.

    Nothing changes before the optimiser's step, so a step may be interrupted anywhere.
    """
    began = plan.interruptible.now()
    tokens = sum(len(row.tokens) - 1 for row in rows)
    learned = sum(row.learned_tokens for row in rows)
    loss = 0.0
    with plan.interruptible:
        for row in rows:  # one at a time: on a CPU that costs nothing and keeps the memory low
            nats = model.summed_loss(row)
            (nats / learned).backward()
            loss += nats.item() / learned
    torch.nn.utils.clip_grad_norm_(model.trainable, LONGEST_GRADIENT)
    optimiser.step()
    optimiser.zero_grad(set_to_none=True)
    return StepDone(
        run=plan.run,
        kind="train",
        step=number,
        steps=plan.settings.steps,
        loss=loss,
        learning_rate=optimiser.param_groups[0]["lr"],
        tokens_a_second=tokens / (plan.interruptible.now() - began),
        memory_bytes=resident_bytes(),
    )


def _scored(plan: TrainPlan, when: When, tokens: TextTokens, sample: Sample) -> Learning:
    """Score the saved weights, once in a run's life; a small base in f32, as an outsider would."""
    window_tokens, mixed = plan.settings.sequence_tokens, sample.is_part
    sheet = ScoreSheet(plan.folder, window_tokens, sample)
    scores = sheet.read(when)
    if scores is None:
        yield PhaseAdvanced("loading")
        with plan.interruptible:
            model = load_base(plan.base.folder, training_dtype() if mixed else torch.float32)
            adapter = {"before": None, "after": plan.adapter, "control": plan.control}[when]
            if adapter:
                load_adapter(model, adapter)  # in the layers of the loaded base
        scoring = Scoring(
            when, sample.files, tokens, window_tokens, sheet, plan.interruptible, mixed
        )
        scores = yield from scoring.scores(model)
        sheet.keep(when, scores)
    value = bits_per_byte(scores)
    if sample.is_part:
        yield Scored(when, MEASURE, value, len(scores), sample.of, sample.characters)
    else:
        yield Scored(when, MEASURE, value, len(scores))


def default_rate(base_parameters: int) -> float:
    """The peak learning rate for a base of this size."""
    return next((rate for most, rate in RATES if base_parameters <= most), RATE_ABOVE)
