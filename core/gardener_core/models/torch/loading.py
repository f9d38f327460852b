"""Load a base and an adapter as any PEFT program does."""

from pathlib import Path

import torch
from peft import PeftModel
from transformers import AutoModelForCausalLM, PreTrainedModel


def load_base(folder: Path, dtype: torch.dtype = torch.float32) -> PreTrainedModel:
    """A base from its transformers folder; never from the network."""
    model: PreTrainedModel = AutoModelForCausalLM.from_pretrained(
        folder, dtype=dtype, local_files_only=True
    )
    model.eval()
    return model


def load_adapter(base: PreTrainedModel, folder: Path) -> PeftModel:
    """A base with an adapter on it, for measuring."""
    model: PeftModel = PeftModel.from_pretrained(base, str(folder))
    model.eval()
    return model


def decoder_of(model: PreTrainedModel) -> torch.nn.Module:
    """The layers of a base without its output head; an adapter in them stays."""
    body: torch.nn.Module = model.base_model
    return body
