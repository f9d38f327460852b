"""The output head of a base."""

from dataclasses import dataclass

import torch
from torch import Tensor
from transformers import PreTrainedModel


@dataclass(frozen=True, slots=True)
class OutputHead:
    """From hidden states to logits: a matrix, and what some families do after it.

    Granite divides by `divisor`; Gemma 2 bends what is larger than `cap`.
    """

    weight: Tensor
    divisor: float = 1.0
    cap: float = 0.0

    @classmethod
    def of(cls, model: PreTrainedModel) -> "OutputHead":
        """The head of a loaded base."""
        config = model.config.get_text_config()
        return cls(
            model.get_output_embeddings().weight.detach(),
            float(getattr(config, "logits_scaling", None) or 1.0),
            float(getattr(config, "final_logit_softcapping", None) or 0.0),
        )

    def logits(self, hidden: Tensor) -> Tensor:
        """The logits of hidden states, in f32."""
        logits = (hidden.to(self.weight.dtype) @ self.weight.T).float()
        if self.divisor != 1.0:
            logits /= self.divisor
        if self.cap:
            logits = torch.tanh(logits / self.cap) * self.cap
        return logits

    def hidden_gradient(self, logits: Tensor, of_logits: Tensor) -> Tensor:
        """The gradient of the hidden states, from that of these logits."""
        if self.cap:
            of_logits = of_logits * (1 - (logits / self.cap) ** 2)
        if self.divisor != 1.0:
            of_logits = of_logits / self.divisor
        return of_logits.to(self.weight.dtype) @ self.weight
