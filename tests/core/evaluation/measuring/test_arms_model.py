"""Base, adapter and control are measured in one model, each as if it were alone."""

from pathlib import Path

import pytest
from peft import LoraConfig, get_peft_model

from gardener_core.evaluation.measuring.arms_model import ArmsModel
from gardener_core.models.model import BaseModel
from gardener_core.models.tokens import TextTokens
from gardener_core.models.torch.bits import text_bits
from gardener_core.models.torch.loading import load_adapter, load_base
from gardener_core.models.torch.precision import mixed_precision, training_dtype
from gardener_core.system.interrupts import Interruptible

TEXT = "import os\n\n\ndef main(path: str) -> int:\n    return len(os.listdir(path))\n" * 3


@pytest.fixture(scope="module")
def zeros(seedling: BaseModel, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An adapter as it is before its first step: it changes nothing."""
    folder = tmp_path_factory.mktemp("zeros")
    config = LoraConfig(r=4, target_modules="all-linear", task_type="CAUSAL_LM")
    get_peft_model(load_base(seedling.path), config).save_pretrained(str(folder))
    return folder


def test_an_adapter_of_zeros_makes_no_difference_at_any_token(
    seedling: BaseModel, zeros: Path, trained
) -> None:
    model = ArmsModel(seedling.path, zeros, trained.adapter, Interruptible())
    ids = TextTokens(seedling.path).encode(TEXT)
    base = model.token_bits("base", ids, 64)
    assert len(base) == len(ids) - 1
    assert model.token_bits("adapter", ids, 64) == base
    assert model.token_bits("control", ids, 64) != base
    one, other = model.continuations(["base", "adapter"], ids[:40], 6, lambda written: False)
    assert one == other and len(one) == 6


def test_each_arm_costs_what_it_costs_alone(seedling: BaseModel, trained) -> None:
    model = ArmsModel(seedling.path, trained.adapter, None, Interruptible())
    ids = TextTokens(seedling.path).encode(TEXT)
    alone = load_base(seedling.path, training_dtype())
    with mixed_precision():
        base = text_bits(alone, ids, 64)
        load_adapter(alone, trained.adapter)
        adapter = text_bits(alone, ids, 64)
    assert sum(model.token_bits("adapter", ids, 64)) == pytest.approx(adapter, rel=1e-4)
    assert sum(model.token_bits("base", ids, 64)) == pytest.approx(base, rel=1e-4)
    assert adapter < base


def test_context_changes_what_follows_and_scores_the_same_tokens(
    seedling: BaseModel, trained
) -> None:
    model = ArmsModel(seedling.path, trained.adapter, None, Interruptible())
    tokens = TextTokens(seedling.path)
    ids, context = tokens.encode(TEXT), tokens.encode("# a.py\ndef main(path): ...\n")
    plain, read = (model.token_bits("base", ids, 64, more) for more in ((), context))
    assert len(plain) == len(read) and plain != read


def test_a_continuation_ends_where_it_is_over(seedling: BaseModel, trained) -> None:
    model = ArmsModel(seedling.path, trained.adapter, None, Interruptible())
    ids = TextTokens(seedling.path).encode(TEXT)[:30]
    long, short = (
        model.continuations(["base"], ids, 8, lambda written, most=most: len(written) >= most)[0]
        for most in (8, 3)
    )
    assert len(short) == 3 and long[:3] == short
