"""Save and restore the state of a training run."""

from pathlib import Path
from pickle import UnpicklingError
from typing import Any

import torch
from peft import get_peft_model_state_dict, set_peft_model_state_dict
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file

from gardener_core.errors import Damaged
from gardener_core.system.files.atomic import recover_folder, staging, swap_folder
from gardener_core.training.lora import LoraModel

_ADAPTER = "adapter.safetensors"
_OPTIMISER = "optimiser.pt"
_UNREADABLE = (
    OSError, EOFError, ValueError, KeyError, RuntimeError, UnpicklingError, SafetensorError,
)  # fmt: skip


class Checkpoints:
    """The one checkpoint of a run: adapter and optimiser, all that a step depends on.

    Training draws no random numbers, so there is no generator state to save.
    """

    def __init__(self, folder: Path, model: LoraModel, optimiser: torch.optim.Optimizer) -> None:
        self._folder = folder / "checkpoint"
        self._model = model
        self._optimiser = optimiser

    def save(self, step: int) -> None:
        """Save the state after so many steps, replacing the last one."""
        new = staging(self._folder)
        weights = get_peft_model_state_dict(self._model.peft, save_embedding_layers=False)
        save_file({name: weight.contiguous() for name, weight in weights.items()}, new / _ADAPTER)
        state = {"step": step, "optimiser": self._optimiser.state_dict()}
        torch.save(state, new / _OPTIMISER)
        swap_folder(new, self._folder)

    def restore(self) -> int:
        """Restore the saved state; returns the number of steps done."""
        if not recover_folder(self._folder):
            return 0
        try:
            weights = load_file(self._folder / _ADAPTER)
            state = torch.load(self._folder / _OPTIMISER, weights_only=True)
            taken: Any = set_peft_model_state_dict(self._model.peft, weights)
            if taken.unexpected_keys:
                raise ValueError(f"unknown weights {taken.unexpected_keys[:3]}")
            self._optimiser.load_state_dict(state["optimiser"])
        except _UNREADABLE as problem:
            raise Damaged(
                f"The checkpoint in {self._folder} cannot be read: {problem}.",
                hint="Start a new run.",
            ) from None
        return int(state["step"])
