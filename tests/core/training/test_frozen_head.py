"""The loss over a frozen head equals that over whole logits."""

import torch
from torch.nn import functional

from gardener_core.models.torch.head import OutputHead
from gardener_core.training.frozen_head import CHUNK_TOKENS, summed_loss
from gardener_core.training.rows import TrainingRow


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


def test_filling_of_a_row_changes_no_loss_and_no_gradient() -> None:
    """Lengths are made one of a few; 150 tokens become 160 in the head."""
    torch.manual_seed(1)
    head = torch.randn(50, 16)
    expected = torch.randint(0, 50, (150,))
    hidden = torch.randn(150, 16, requires_grad=True)
    loss = summed_loss(hidden, OutputHead(head), expected)
    loss.backward()
    plain = hidden.detach().clone().requires_grad_()
    wanted = torch.nn.functional.cross_entropy(plain @ head.T, expected, reduction="sum")
    wanted.backward()
    assert hidden.grad is not None and plain.grad is not None
    assert torch.allclose(loss, wanted, rtol=1e-5)
    assert torch.allclose(hidden.grad, plain.grad, atol=1e-4)


def test_a_padded_row_learns_what_it_did() -> None:
    row = TrainingRow.of_text(torch.arange(70))
    padded = row.padded(64)
    assert len(padded.tokens) == 129 and padded.learned_tokens == row.learned_tokens == 69
    assert not padded.is_one_piece, "the filling sees nothing of the row, and the row nothing of it"
    whole = TrainingRow.of_text(torch.arange(65))
    assert whole.padded(64) is whole
