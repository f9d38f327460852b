"""How an adapter begins, and what it is saved as."""

import json
import math
from pathlib import Path

import torch
from peft import LoraConfig
from safetensors.torch import save_file
from torch import Tensor

from gardener_core.settings.schema import TrainingSettings

# These begin with the largest parts of the base's own matrices, which are taken out of the base.
_INITIAL = {"pissa": "pissa_niter_16", "olora": "olora"}
_WEIGHTS, _CONFIG = "adapter_model.safetensors", "adapter_config.json"


def changes_base(settings: TrainingSettings) -> bool:
    """Whether the adapter is trained on a base that it changed; saving makes up for that."""
    return settings.variant in _INITIAL


def lora_config(settings: TrainingSettings) -> LoraConfig:
    """PEFT's configuration: every linear layer, no dropout.

    rsLoRA divides by the root of the rank, which is plain LoRA with a larger alpha, and is written
    so: what reads LoRA reads it.
    """
    alpha: float = settings.alpha
    if settings.variant == "rslora":
        alpha *= math.sqrt(settings.rank)
    return LoraConfig(
        r=settings.rank,
        lora_alpha=int(alpha) if alpha == int(alpha) else alpha,  # type: ignore[arg-type]
        lora_dropout=0.0,
        target_modules="all-linear",
        task_type="CAUSAL_LM",
        init_lora_weights=_INITIAL.get(settings.variant, True),  # type: ignore[arg-type]
    )


def make_plain(folder: Path, now: dict[str, Tensor], first: dict[str, Tensor]) -> None:
    """Rewrite a saved adapter so that it fits the base as it was before the adapter changed it.

    The base lacks B0 @ A0, so the adapter is B @ A - B0 @ A0: a plain LoRA of twice the rank.
    """
    plain = {}
    for name, weight in now.items():
        dimension, sign = (0, 1) if ".lora_A." in name else (1, -1)
        plain[name] = torch.cat([weight, sign * first[name]], dimension).contiguous()
    save_file(plain, folder / _WEIGHTS, metadata={"format": "pt"})
    config = json.loads((folder / _CONFIG).read_bytes())
    config |= {
        "r": 2 * config["r"],
        "lora_alpha": 2 * config["lora_alpha"],
        "init_lora_weights": True,
    }
    (folder / _CONFIG).write_text(json.dumps(config, indent=2))
