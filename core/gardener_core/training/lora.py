"""Put a LoRA on a base, and save it."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from peft import LoraConfig, PeftModel, get_peft_model
from torch import Tensor

from gardener_core.models.store import Model
from gardener_core.models.torch.loading import load_base
from gardener_core.models.torch.precision import mixed_precision, training_dtype
from gardener_core.system.files.atomic import staging, swap_folder
from gardener_core.training.frozen_head import summed_loss

SEED = 0


@dataclass(frozen=True, slots=True)
class LoraShape:
    """The size of an adapter; its update is multiplied by alpha / rank."""

    rank: int
    alpha: int


class LoraModel:
    """A frozen base with a trainable adapter on every linear layer."""

    def __init__(self, base: Model, shape: LoraShape) -> None:
        torch.manual_seed(SEED)
        loaded = load_base(base.path, training_dtype())
        self.base_parameters = loaded.num_parameters()
        self.peft: PeftModel = get_peft_model(loaded, _config(shape))
        self._name_base(base)
        self.peft.train()
        self._body = loaded.model
        self._head = loaded.get_output_embeddings().weight.detach()
        for layer in self._body.layers:
            layer.register_forward_hook(_let_python_in)

    @property
    def trainable(self) -> list[torch.nn.Parameter]:
        """The adapter's matrices."""
        return [weight for weight in self.peft.parameters() if weight.requires_grad]

    def summed_loss(self, row: Tensor) -> Tensor:
        """Nats for a row's tokens but the first."""
        with mixed_precision():
            hidden = self._body(input_ids=row[None, :-1], use_cache=False).last_hidden_state[0]
        return summed_loss(hidden, self._head, row[1:])

    def save(self, folder: Path) -> None:
        """Write a plain PEFT folder, whole."""
        new = staging(folder)
        self.peft.save_pretrained(str(new), save_embedding_layers=False)
        (new / "README.md").unlink()  # an empty form that names a folder of this machine
        swap_folder(new, folder)

    def _name_base(self, base: Model) -> None:
        """Name the base by what it is, not by where it stands on this machine."""
        config = self.peft.peft_config["default"]
        config.base_model_name_or_path = base.name
        config.revision = base.sha256


def _let_python_in(layer: torch.nn.Module, given: Any, hidden: Any) -> None:
    """Come back to Python after each layer on the way back, too.

    `backward` is one call that takes seconds on a large base, and who obeys the user can do so
    only between two bytecodes.
    """
    if isinstance(hidden, Tensor) and hidden.requires_grad:
        hidden.register_hook(_do_nothing)


def _do_nothing(gradient: Tensor) -> None:
    return None


def _config(shape: LoraShape) -> LoraConfig:
    return LoraConfig(
        r=shape.rank,
        lora_alpha=shape.alpha,
        lora_dropout=0.0,
        target_modules="all-linear",
        task_type="CAUSAL_LM",
    )
