"""The loss with an output head that is not trained."""

from typing import Any

import torch
from torch import Tensor
from torch.nn.functional import pad

from gardener_core.models.torch.head import OutputHead

CHUNK_TOKENS = 128
# A chunk's length is one of a few, since the matrix library keeps code for each.
LENGTH_MULTIPLE = 32


class FrozenHead(torch.autograd.Function):
    """Summed next-token loss, chunk by chunk, with the gradient computed on the way.

    Since the head is frozen, the gradient of the hidden states is known in the forward pass:
    (softmax - one_hot) @ head. So no chunk's logits are kept, and nothing is computed twice.
    """

    @staticmethod
    def forward(ctx: Any, hidden: Tensor, head: OutputHead, expected: Tensor, count: int) -> Tensor:
        """The loss in nats, summed over the first `count` tokens; the rest is filling."""
        gradient = torch.empty_like(hidden)
        total = torch.zeros((), dtype=torch.float32, device=hidden.device)
        for start in range(0, len(expected), CHUNK_TOKENS):
            part = slice(start, start + CHUNK_TOKENS)
            wanted = expected[part, None]
            logits = head.logits(hidden[part])
            normaliser = logits.logsumexp(-1, keepdim=True)
            real = count - start
            total += (normaliser - logits.gather(1, wanted))[:real].sum()
            error = (logits - normaliser).exp_()
            error.scatter_add_(1, wanted, torch.full_like(wanted, -1, dtype=error.dtype))
            error[real:] = 0
            gradient[part] = head.hidden_gradient(logits, error)
        ctx.save_for_backward(gradient)
        return total

    @staticmethod
    def backward(ctx: Any, *outer: Tensor) -> tuple[Tensor, None, None, None]:
        """Scale the gradient of the forward pass."""
        (gradient,) = ctx.saved_tensors
        return gradient * outer[0].to(gradient.dtype), None, None, None


def summed_loss(hidden: Tensor, head: OutputHead, expected: Tensor) -> Tensor:
    """The loss of hidden states against the tokens that come next, in nats, summed."""
    count = len(expected)
    missing = -count % LENGTH_MULTIPLE
    hidden = pad(hidden.to(head.weight.dtype), (0, 0, 0, missing))
    loss: Tensor = FrozenHead.apply(hidden, head, pad(expected, (0, missing)), count)  # type: ignore[no-untyped-call]
    return loss
