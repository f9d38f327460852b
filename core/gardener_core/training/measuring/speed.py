"""Train a few steps in one way and time them."""

import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch
from peft import LoraConfig, get_peft_model
from transformers import (
    AutoModelForCausalLM,
    Trainer,
    TrainerCallback,
    TrainerControl,
    TrainerState,
    TrainingArguments,
)

from gardener_core.code.files.listing import read_sources
from gardener_core.evaluation.split import SourceFile, split_files
from gardener_core.models.model import BaseModel
from gardener_core.models.tokens import TextTokens
from gardener_core.settings.schema import TrainingSettings
from gardener_core.system.hardware import forget_peak, peak_private_bytes
from gardener_core.training.data.packing import pack_rows
from gardener_core.training.learner import Learner
from gardener_core.training.lora import LoraModel
from gardener_core.training.measuring.arm import ArmResult
from gardener_core.training.plan import TrainPlan
from gardener_core.training.rows import TrainingRow

RATE = 3e-4
WARM_UP_STEPS = 1  # not timed
Rows = Sequence[TrainingRow]


def main() -> None:
    """Measure one arm: base folder, project, name of the arm, steps."""
    base, project, arm, steps = sys.argv[1:5]
    sys.stdout = os.fdopen(os.dup(1), "w")  # libraries may print
    os.dup2(2, 1)
    settings = TrainingSettings(steps=int(steps) + WARM_UP_STEPS, threads=1, rows_a_step=2)
    torch.set_num_threads(1)
    rows = _rows(Path(base), Path(project), settings)
    print(json.dumps(asdict(ARMS[arm](arm, Path(base), rows, settings))), flush=True)


def _rows(base: Path, project: Path, settings: TrainingSettings) -> Rows:
    split = split_files([SourceFile(path, text) for path, text in read_sources(project)])
    packing = pack_rows(split.train, TextTokens(base), settings.sequence_tokens)
    while True:
        try:
            next(packing)
        except StopIteration as done:
            rows: Rows = done.value
            return rows


def _ours(arm: str, base: Path, rows: Rows, settings: TrainingSettings) -> ArmResult:
    named = BaseModel(
        base.name, "base", "transformers", base, 0, "", True, 0, "", base, base / "base.gguf"
    )
    plan = TrainPlan("bench", named, (), base, settings)
    model = LoraModel(named, settings, recomputes=arm == "ours, lean")
    learner = Learner(plan, model)
    losses = []
    meter = _Meter(settings)
    for step in range(settings.steps):
        meter.before(step)
        first = step * settings.rows_a_step
        picked = [rows[(first + k) % len(rows)] for k in range(settings.rows_a_step)]
        done = learner.step(picked, step + 1, RATE)
        losses.append(getattr(done, "loss", float("nan")))
    return meter.result(arm, losses)


def _trainer(arm: str, base: Path, rows: Rows, settings: TrainingSettings) -> ArmResult:
    """transformers.Trainer with PEFT: as it comes, or with the settings that suit it best here."""
    best = arm == "trainer, best"
    loaded = AutoModelForCausalLM.from_pretrained(
        base, local_files_only=True, **({"dtype": torch.bfloat16} if best else {})
    )
    config = LoraConfig(
        r=settings.rank, lora_alpha=settings.alpha, target_modules="all-linear",
        task_type="CAUSAL_LM",
    )  # fmt: skip
    model = get_peft_model(loaded, config)
    meter = _Meter(settings)
    items = [{"input_ids": row.tokens[:-1], "labels": row.tokens[:-1]} for row in rows]
    with tempfile.TemporaryDirectory() as folder:
        arguments = TrainingArguments(
            output_dir=folder, max_steps=settings.steps, learning_rate=RATE, use_cpu=True,
            per_device_train_batch_size=1 if best else settings.rows_a_step,
            gradient_accumulation_steps=settings.rows_a_step if best else 1,
            bf16=best, report_to=[], save_strategy="no", logging_steps=1, disable_tqdm=True,
            lr_scheduler_type="constant",
        )  # fmt: skip
        trainer = Trainer(model=model, args=arguments, train_dataset=items, callbacks=[meter])
        trainer.train()
    history = trainer.state.log_history
    return meter.result(arm, [float(entry["loss"]) for entry in history if "loss" in entry])


class _Meter(TrainerCallback):
    """Times the steps after the first, and the memory of all of them."""

    def __init__(self, settings: TrainingSettings) -> None:
        self._tokens = settings.rows_a_step * settings.sequence_tokens
        self._steps = settings.steps - WARM_UP_STEPS
        self._began = 0.0
        forget_peak()

    def on_step_begin(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **rest: Any
    ) -> None:
        """Called by the library before each step."""
        self.before(state.global_step)

    def before(self, step: int) -> None:
        """Begin to count after the steps that warm up."""
        if step == WARM_UP_STEPS:
            self._began = time.process_time()

    def result(self, arm: str, losses: Sequence[float]) -> ArmResult:
        """What was measured until now."""
        seconds = time.process_time() - self._began
        pace = self._steps * self._tokens / seconds
        return ArmResult(arm, pace, peak_private_bytes(), tuple(losses))


ARMS: dict[str, Callable[[str, Path, Rows, TrainingSettings], ArmResult]] = {
    "ours": _ours,
    "ours, lean": _ours,
    "trainer, defaults": _trainer,
    "trainer, best": _trainer,
}
