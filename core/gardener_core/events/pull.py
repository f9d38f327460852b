"""Events of getting a model."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SourceTried:
    """A source that did not give a model, and what it said."""

    source: str
    where: str
    what: str


@dataclass(frozen=True, slots=True)
class Pulled:
    """A model is here and verified.

    `fetched` bytes came over the network in `seconds`; `first_seen` are files whose sha256 the
    catalogue did not know.
    """

    model: str
    path: str
    bytes: int
    sha256: str
    source: str
    fetched: int
    seconds: float
    first_seen: tuple[str, ...] = ()
