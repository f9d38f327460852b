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

    def padded(self, multiple: int) -> "TrainingRow":
        """The same with a piece of filling behind it, of which nothing is learned.

        So only a few lengths are ever computed. For each new one the matrix library makes code and
        keeps it: rows of every length took 800 MB more within 14 steps.
        """
        missing = -(len(self.tokens) - 1) % multiple
        if not missing:
            return self
        filling = torch.zeros(missing, dtype=self.tokens.dtype)
        return TrainingRow(
            torch.cat([self.tokens, filling]),
            torch.cat([self.learned, torch.zeros(missing, dtype=torch.bool)]),
            torch.cat([self.positions, torch.arange(missing)]),
        )

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
