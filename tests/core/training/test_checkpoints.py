"""A checkpoint keeps what a base may draw at random, and opens without it."""

import torch

from gardener_core.training.checkpoints import random_states, restore_random


def test_the_next_numbers_are_the_same_after_restoring() -> None:
    states = random_states()
    drawn = torch.rand(4)
    torch.rand(9)
    restore_random(states)
    assert torch.equal(torch.rand(4), drawn)


def test_a_checkpoint_of_an_older_program_or_another_machine_is_taken() -> None:
    torch.manual_seed(1)
    drawn = torch.rand(2)
    torch.manual_seed(1)
    restore_random({})
    restore_random({"cuda": [torch.zeros(16, dtype=torch.uint8)] * 9})
    assert torch.equal(torch.rand(2), drawn)
