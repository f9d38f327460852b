"""Every variant is saved as plain LoRA that fits the base as it is."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from gardener_core.export.lora import plain_lora_config
from gardener_core.models.torch.loading import load_adapter, load_base
from gardener_core.training.learner import Learner
from gardener_core.training.lora import LoraModel
from gardener_core.training.plan import TrainPlan
from gardener_core.training.rows import TrainingRow

Plans = Callable[..., TrainPlan]
ROW = TrainingRow.of_text(torch.arange(100, 164))


@pytest.mark.parametrize("variant", ["lora", "rslora", "pissa", "olora"])
def test_the_saved_adapter_answers_as_the_trained_one(
    variant: str, plan_of: Plans, tmp_path: Path
) -> None:
    plan = plan_of(tmp_path, variant=variant)
    base = load_base(plan.base.folder)
    model = LoraModel(plan.base, plan.settings, dtype=torch.float32)
    ids = ROW.tokens[None]
    with torch.no_grad():
        untrained = base(input_ids=ids).logits
        assert torch.allclose(model.scored(input_ids=ids).logits, untrained, atol=1e-3)
    learner = Learner(plan, model)
    for step in range(1, 4):
        learner.step([ROW], step, 0.01)
    model.save(plan.adapter)
    with torch.no_grad():
        trained = model.scored(input_ids=ids).logits
        saved = load_adapter(base, plan.adapter)(input_ids=ids).logits
    assert torch.allclose(saved, trained, atol=1e-3)
    assert (trained - untrained).abs().max() > 0.1
    plain_lora_config(plan.adapter)  # what llama.cpp can have


def test_what_each_variant_costs_stands_in_the_adapter(plan_of: Plans, tmp_path: Path) -> None:
    settings = plan_of(tmp_path).settings
    found = {}
    for variant in ("lora", "rslora", "pissa"):
        plan = plan_of(tmp_path / variant)
        LoraModel(plan.base, replace(settings, variant=variant)).save(plan.adapter)
        config = json.loads((plan.adapter / "adapter_config.json").read_bytes())
        found[variant] = (config["r"], config["lora_alpha"])
    assert found == {"lora": (4, 8), "rslora": (4, 16), "pissa": (8, 16)}
