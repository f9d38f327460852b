"""What runs a model that reads texts."""

from collections.abc import Sequence
from typing import Literal, Protocol

Pooling = Literal["mean", "cls", "last"]
Role = Literal["document", "query"]
Numbers = Sequence[Sequence[float]]


class TooLong(Exception):
    """A text has more tokens than the model reads; which one of several is not known."""


class Encoder(Protocol):
    """Texts as they are to one list of numbers each; prefixes and cutting are no business of it."""

    def encode(self, texts: Sequence[str], role: Role) -> Numbers:
        """The numbers of each text; `role` is for models that put the prefix there themselves."""
        ...

    def close(self) -> None:
        """Let the process go that works for it."""
        ...
