"""A base with a LoRA adapter that is trained."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch
from peft import (
    PeftModel,
    get_peft_model,
    get_peft_model_state_dict,
    set_peft_model_state_dict,
)
from safetensors.torch import load_file
from torch import Tensor
from transformers import PreTrainedModel

from gardener_core.models.model import BaseModel
from gardener_core.models.torch.devices import TrainingDevice, cpu_device
from gardener_core.models.torch.head import OutputHead
from gardener_core.models.torch.loading import decoder_of, load_base
from gardener_core.settings.schema import TrainingSettings
from gardener_core.store.garden.adapter_files import WEIGHTS
from gardener_core.system.files.atomic import staging, swap_folder
from gardener_core.training.frozen_head import summed_loss
from gardener_core.training.rows import TrainingRow
from gardener_core.training.variants import changes_base, lora_config, make_plain

LENGTH_MULTIPLE = 64


class LoraModel:
    """A frozen base with a trainable adapter on every linear layer.

    An adapter's update is multiplied by alpha / rank. One that recomputes takes less memory and
    more time; its numbers are the same. It begins at nothing, or with the weights of an adapter in
    the folder `start`.
    """

    def __init__(
        self,
        base: BaseModel,
        settings: TrainingSettings,
        *,
        recomputes: bool = False,
        dtype: torch.dtype | None = None,
        start: Path | None = None,
        device: TrainingDevice | None = None,
    ) -> None:
        torch.manual_seed(settings.seed)
        self._device = device or cpu_device()
        loaded = load_base(base.folder, dtype or self._device.dtype)
        self.base_parameters = loaded.num_parameters()
        # With the adapter in its layers, so it is scored as any model is.
        self.scored: PreTrainedModel = loaded
        self.peft: PeftModel = get_peft_model(loaded, lora_config(settings))
        self._name_base(base)
        if start is not None:
            self.take_weights(load_file(start / WEIGHTS))
        # First weights are drawn on the CPU, so that a run begins alike everywhere.
        self.peft.to(self._device.place)
        if recomputes:
            loaded.gradient_checkpointing_enable({"use_reentrant": False})
        self.peft.train()
        _drop_nothing(self.peft)
        self._first = (
            {name: weight.detach().clone() for name, weight in self.weights().items()}
            if changes_base(settings)
            else {}
        )
        self._body = decoder_of(loaded)
        self._head = OutputHead.of(loaded)
        for layer in _layers(self._body):
            layer.register_forward_hook(_return_to_python)

    @property
    def is_mixed(self) -> bool:
        """Whether a forward pass runs in bf16 where that is exact enough."""
        return self._device.bf16

    @property
    def trainable(self) -> list[torch.nn.Parameter]:
        """The adapter's matrices."""
        return [weight for weight in self.peft.parameters() if weight.requires_grad]

    def summed_loss(self, row: TrainingRow) -> Tensor:
        """The loss of the tokens of a row that are learned, in nats."""
        row = row.padded(LENGTH_MULTIPLE)
        # Positions that restart are how transformers knows the pieces of a row from each other.
        place = self._device.place
        positions = None if row.is_one_piece else row.positions[None, :-1].to(place)
        tokens, targets = row.tokens.to(place), row.targets.to(place)
        with self._device.mixed():
            hidden = self._body(
                input_ids=tokens[None, :-1], position_ids=positions, use_cache=False
            ).last_hidden_state[0]
        return summed_loss(hidden[targets], self._head, tokens[1:][targets])

    def mixed(self) -> torch.autocast:
        """The context of a forward pass."""
        return self._device.mixed()

    @contextmanager
    def for_writing(self) -> Iterator[PreTrainedModel]:
        """The base with the adapter as it is now, for as long as it writes text."""
        self.peft.eval()  # one that recomputes keeps no cache while it trains
        try:
            yield self.scored
        finally:
            self.peft.train()

    def weights(self) -> dict[str, Tensor]:
        """The adapter's matrices by their names."""
        weights: dict[str, Tensor] = get_peft_model_state_dict(
            self.peft, save_embedding_layers=False
        )
        return weights

    def take_weights(self, weights: dict[str, Tensor]) -> None:
        """Replace the adapter's matrices."""
        taken: Any = set_peft_model_state_dict(self.peft, weights)
        if taken.unexpected_keys:
            raise ValueError(f"unknown weights {taken.unexpected_keys[:3]}")

    def save(self, folder: Path) -> None:
        """Write a plain PEFT folder, whole."""
        new = staging(folder)
        self.peft.save_pretrained(str(new), save_embedding_layers=False)
        if self._first:
            now = {name: weight.cpu() for name, weight in self.weights().items()}
            make_plain(new, now, self._first)
        (new / "README.md").unlink()  # an empty form that names a folder of this machine
        swap_folder(new, folder)

    def _name_base(self, base: BaseModel) -> None:
        """Name the base by its hash, not by its folder on this machine."""
        config = self.peft.peft_config["default"]
        config.base_model_name_or_path = base.name
        config.revision = base.sha256


def _drop_nothing(model: torch.nn.Module) -> None:
    """Switch off what a base drops at random while it trains (GPT-2 does), or no run repeats."""
    for part in model.modules():
        if isinstance(part, torch.nn.Dropout):
            part.p = 0.0
        elif isinstance(vars(part).get("attention_dropout"), float):
            vars(part)["attention_dropout"] = 0.0


def _layers(body: torch.nn.Module) -> Iterator[torch.nn.Module]:
    for part in body.children():
        if isinstance(part, torch.nn.ModuleList):
            yield from part


def _return_to_python(layer: torch.nn.Module, given: Any, hidden: Any) -> None:
    """Return to Python after each layer of the backward pass.

    `backward` is one call that takes seconds on a large base, and signals are handled only between
    two bytecodes.
    """
    if isinstance(hidden, Tensor) and hidden.requires_grad:
        hidden.register_hook(_do_nothing)


def _do_nothing(gradient: Tensor) -> None:
    return None
