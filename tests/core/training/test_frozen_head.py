"""The loss over a frozen head equals that over whole logits."""

import torch
from torch.nn import functional

from gardener_core.models.torch.head import OutputHead
from gardener_core.training.frozen_head import CHUNK_TOKENS, summed_loss


def test_loss_and_gradient_are_those_of_the_whole_logits() -> None:
    draw = torch.Generator().manual_seed(0)
    tokens = CHUNK_TOKENS * 2 + 7
    hidden = torch.randn(tokens, 16, generator=draw, requires_grad=True)
    head = torch.randn(40, 16, generator=draw)
    expected = torch.randint(0, 40, (tokens,), generator=draw)

    loss = summed_loss(hidden, OutputHead(head), expected)
    (gradient,) = torch.autograd.grad(loss / 3, hidden)
    plain = functional.cross_entropy(hidden @ head.T, expected, reduction="sum")
    (wanted,) = torch.autograd.grad(plain / 3, hidden)

    assert torch.allclose(loss, plain, rtol=1e-5)
    assert torch.allclose(gradient, wanted, atol=1e-5)
