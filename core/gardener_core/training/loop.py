"""Train an adapter, step by step."""

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from gardener_core.errors import Stopped
from gardener_core.events import Checkpointed, Event, Noted, Planned, Scored, StepDone
from gardener_core.models.reference import load_adapter, load_base
from gardener_core.models.schedule import rate_share
from gardener_core.models.store import Model
from gardener_core.models.tokens import TextTokens
from gardener_core.training.checkpoints import Checkpoints
from gardener_core.training.data import LONGEST_CHARACTERS, SourceFile, pack_rows, split_files
from gardener_core.training.lora import LoraModel, LoraShape
from gardener_core.training.measures import MEASURE, ScoreSheet, bits_per_byte, score_files

STEPS_A_CHECKPOINT = 20
WARM_UP_STEPS = 5
DECAY_SHARE = 0.35
LONGEST_GRADIENT = 1.0
# The best rate falls with the width of the base; these two were measured on 3M and 0.5B.
SMALL_BASE_PARAMETERS = 10_000_000
SMALL_BASE_RATE = 3e-3
LARGE_BASE_RATE = 3e-4

Learning = Generator[Event, str | None, None]


@dataclass(frozen=True, slots=True)
class TrainPlan:
    """All that decides how an adapter comes out; a learning rate of 0 is chosen by the base."""

    run: str
    base: Model
    sources: Sequence[SourceFile]
    folder: Path
    steps: int
    shape: LoraShape
    learning_rate: float
    sequence_tokens: int
    rows_a_step: int
    threads: int

    @property
    def adapter(self) -> Path:
        """Where the plain PEFT folder stands at the end."""
        return self.folder / "adapter"


def train(plan: TrainPlan) -> Learning:
    """Train on most files of a project and measure on the others, before and after.

    Killed at any point and called again, it goes on to the very same weights. The answer to a
    StepDone may be "checkpoint"; `Stopped` thrown in keeps a checkpoint before it goes on up.
    """
    torch.set_num_threads(plan.threads)
    split = split_files(plan.sources)
    tokens = TextTokens(plan.base.path)
    rows = pack_rows(split.train, tokens, plan.sequence_tokens)
    if split.left_out:
        yield Noted(f"{split.left_out} files over {LONGEST_CHARACTERS:,} characters are left out.")
    yield Planned(
        run=plan.run,
        kind="train",
        base=plan.base.name,
        steps=plan.steps,
        tokens=plan.steps * plan.rows_a_step * plan.sequence_tokens,
        train_files=len(split.train),
        held_out_files=len(split.held_out),
    )
    yield _scored(plan, "before", tokens, split.held_out)
    yield from _take_steps(plan, rows)
    yield _scored(plan, "after", tokens, split.held_out)


def _take_steps(plan: TrainPlan, rows: Tensor) -> Learning:
    model = LoraModel(plan.base, plan.shape)
    optimiser = torch.optim.AdamW(model.trainable, betas=(0.9, 0.99), weight_decay=0.0)
    checkpoints = Checkpoints(plan.folder, model, optimiser)
    peak = plan.learning_rate or default_rate(model.base_parameters)
    done = checkpoints.restore()
    try:
        while done < plan.steps:
            share = rate_share(done, plan.steps, WARM_UP_STEPS, DECAY_SHARE)
            optimiser.param_groups[0]["lr"] = peak * share
            picked = [(done * plan.rows_a_step + k) % len(rows) for k in range(plan.rows_a_step)]
            loss = _step(model, optimiser, rows[picked])
            done += 1
            asked = yield StepDone(plan.run, "train", done, plan.steps, loss)
            due = done % STEPS_A_CHECKPOINT == 0 or done == plan.steps
            if due or asked == "checkpoint":
                checkpoints.save(done)
                yield Checkpointed(done)
    except Stopped:
        checkpoints.save(done)
        raise
    model.save(plan.adapter)


def _step(model: LoraModel, optimiser: torch.optim.Optimizer, rows: Tensor) -> float:
    """Move the adapter once; the loss is the mean over all tokens of the rows."""
    tokens = rows.size(0) * (rows.size(1) - 1)
    loss = 0.0
    for row in rows:  # one at a time: on a CPU that costs nothing and keeps the memory low
        nats = model.summed_loss(row)
        (nats / tokens).backward()
        loss += nats.item() / tokens
    torch.nn.utils.clip_grad_norm_(model.trainable, LONGEST_GRADIENT)
    optimiser.step()
    optimiser.zero_grad(set_to_none=True)
    return loss


def _scored(plan: TrainPlan, when: str, tokens: TextTokens, files: Sequence[SourceFile]) -> Scored:
    """Measure what stands on the disk in f32, as an outsider would; once in a run's life."""
    sheet = ScoreSheet(plan.folder, plan.sequence_tokens)
    scores = sheet.read(when)
    if scores is None:
        model = load_base(plan.base.path)
        if when == "after":
            load_adapter(model, plan.adapter)  # goes into the layers of the loaded base
        scores = score_files(model, tokens, files, plan.sequence_tokens)
        sheet.keep(when, scores)
    return Scored(when, MEASURE, bits_per_byte(scores), len(scores))


def default_rate(base_parameters: int) -> float:
    """The peak learning rate that suits a base of this size."""
    return SMALL_BASE_RATE if base_parameters <= SMALL_BASE_PARAMETERS else LARGE_BASE_RATE
