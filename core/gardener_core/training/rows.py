"""A row of tokens that a model learns from."""

from dataclasses import dataclass

import torch
from torch import Tensor


@dataclass(frozen=True, slots=True)
class TrainingRow:
    """Token ids, which of them are learned, and the position of each in its own piece.

    A row holds one piece of text or several; positions restart with each, no piece sees another,
    and no piece's first token is learned.
    """

    tokens: Tensor
    learned: Tensor
    positions: Tensor

    @classmethod
    def of_text(cls, tokens: Tensor) -> "TrainingRow":
        """One piece of which every token is learned."""
        return cls(tokens, torch.ones_like(tokens, dtype=torch.bool), torch.arange(len(tokens)))

    @property
    def is_one_piece(self) -> bool:
        """Whether nothing in it has to be kept apart."""
        return bool((self.positions[1:] > 0).all())

    @property
    def targets(self) -> Tensor:
        """Where the token after a position is learned."""
        return self.learned[1:] & (self.positions[1:] > 0)

    @property
    def learned_tokens(self) -> int:
        """How many tokens are learned."""
        return int(self.targets.sum())
