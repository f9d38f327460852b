"""Train an adapter, step by step."""

import torch

from gardener_core.evaluation.bits_per_byte import MEASURE, ScoreSheet, Scoring, When, bits_per_byte
from gardener_core.evaluation.sample import Sample, sample_files
from gardener_core.evaluation.split import LONGEST_CHARACTERS, split_files
from gardener_core.events.run import Noted, PhaseAdvanced
from gardener_core.events.train import Planned, Scored
from gardener_core.models.tokens import TextTokens
from gardener_core.models.torch.loading import load_adapter, load_base
from gardener_core.training.completed_lines import CompletedLines
from gardener_core.training.data.reading import training_rows
from gardener_core.training.held_out_points import HeldOutPoints
from gardener_core.training.learning import Learning, learn
from gardener_core.training.plan import TrainPlan


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
    unchanged = plan.parent.unchanged(split.held_out) if plan.parent else frozenset()
    if plan.measured:
        yield from _scored(plan, "before", tokens, sample, unchanged)
    if plan.measured and plan.parent:
        yield from _scored(plan, "parent", tokens, sample, unchanged)
    points = HeldOutPoints(split.dev, tokens, settings)
    lines = CompletedLines([] if plan.ends_now else split.held_out, tokens, settings)
    yield from learn(plan, rows, points, lines)
    if plan.measured:
        yield from _scored(plan, "after", tokens, sample)
    if plan.measured and plan.parent:
        sheet = ScoreSheet(plan.folder, settings.sequence_tokens, sample)
        retention = plan.parent.retention(sheet, unchanged)
        yield retention or Noted("No held-out file is as it was, so forgetting was not measured.")
    if plan.control:
        yield from _scored(plan, "control", tokens, sample)


def _scored(
    plan: TrainPlan,
    when: When,
    tokens: TextTokens,
    sample: Sample,
    unchanged: frozenset[str] = frozenset(),
) -> Learning:
    """Score the saved weights, once in a run's life; a small base in f32, as an outsider would."""
    window_tokens, mixed = plan.settings.sequence_tokens, sample.is_part
    sheet = ScoreSheet(plan.folder, window_tokens, sample)
    scores = sheet.read(when)
    if scores is None and plan.parent and not sheet.unfinished(when):
        known = plan.parent.scores(when, sample, unchanged, window_tokens)
        sheet.keep_unfinished(when, known)
        if len(known) == len(sample.files):
            order = {score.path: score for score in known}
            scores = tuple(order[file.path] for file in sample.files)
            sheet.keep(when, scores)
    if scores is None:
        yield PhaseAdvanced("loading")
        with plan.interruptible:
            model = load_base(plan.base.folder, plan.device.dtype if mixed else torch.float32)
            adapter = {
                "before": None,
                "after": plan.adapter,
                "parent": plan.parent.adapter if plan.parent else None,
                "control": plan.control,
            }[when]
            if adapter:
                load_adapter(model, adapter)  # in the layers of the loaded base
            torch.nn.Module.to(model, plan.device.place)
        scoring = Scoring(
            when,
            sample.files,
            tokens,
            window_tokens,
            sheet,
            plan.interruptible,
            mixed and plan.device.bf16,
        )
        scores = yield from scoring.scores(model)
        sheet.keep(when, scores)
    value = bits_per_byte(scores)
    if sample.is_part:
        yield Scored(when, MEASURE, value, len(scores), sample.of, sample.characters)
    else:
        yield Scored(when, MEASURE, value, len(scores))
