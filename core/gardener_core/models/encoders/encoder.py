"""The protocol of what runs an embedding model."""

from collections.abc import Sequence
from typing import Literal, Protocol

Pooling = Literal["mean", "cls", "last"]
Role = Literal["document", "query"]
Numbers = Sequence[Sequence[float]]


class TooLong(Exception):
    """A text has too many tokens for the model; which of several is not known."""


class Encoder(Protocol):
    """Turns texts into vectors; prefixes and truncation are the caller's."""

    def encode(self, texts: Sequence[str], role: Role) -> Numbers:
        """The vector of each text; `role` is for models that add the prefix themselves."""
        ...

    def close(self) -> None:
        """End the process of the model."""
        ...
