"""Muon makes updates orthogonal and lowers a loss."""

import pytest
import torch

from gardener_core.pretraining.muon import Muon, orthogonal


@pytest.mark.parametrize("shape", [(64, 64), (96, 32), (32, 96)])
def test_a_turned_matrix_has_singular_values_near_one(shape: tuple[int, int]) -> None:
    matrix = torch.randn(shape, generator=torch.Generator().manual_seed(0)) * 50
    values = torch.linalg.svdvals(orthogonal(matrix))
    assert orthogonal(matrix).shape == shape
    assert values[:-2].min() > 0.5  # the very smallest of a square matrix take more rounds
    assert values.max() < 1.4


def test_steps_lower_a_loss() -> None:
    draw = torch.Generator().manual_seed(0)
    weight = torch.nn.Parameter(torch.randn(16, 16, generator=draw))
    wanted = torch.randn(16, 16, generator=draw)
    muon = Muon([weight])
    losses = []
    for _ in range(60):
        loss = (weight - wanted).square().mean()
        weight.grad = None
        loss.backward()
        muon.step(0.1)
        losses.append(loss.item())
    assert losses[-1] < losses[0] / 4
