"""A loaded model, whichever engine computes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

Engine = Literal["llama.cpp", "transformers"]
EngineSetting = Literal["auto", "llama.cpp", "transformers"]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A token that could have come, with its natural log-probability."""

    id: int
    logprob: float


@dataclass(frozen=True, slots=True)
class Completion:
    """What was generated; `top` holds the likeliest tokens at each place."""

    text: str
    ids: tuple[int, ...]
    top: tuple[tuple[Candidate, ...], ...]


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of an answer as it is generated; the last one is often empty."""

    text: str
    tokens: int


@dataclass(frozen=True, slots=True)
class Timing:
    """What an answer took: tokens that were read and written, and the seconds of each.

    Of a prompt that begins like the one before, only the rest was read; `evaluated` is the whole
    prompt as the engine counts it, 0 where it has not told.
    """

    read: int = 0
    read_seconds: float = 0.0
    written: int = 0
    written_seconds: float = 0.0
    evaluated: int = 0


class ServedModel(Protocol):
    """One loaded base with a fixed list of adapters, each on or off in every request."""

    @property
    def timing(self) -> Timing:
        """What the last streamed answer took; nothing is known of one that was not ended."""
        ...

    @property
    def process_id(self) -> int:
        """The id of the process that the model runs in."""
        ...

    def alive(self) -> bool:
        """Whether the process still runs."""
        ...

    def complete(
        self, prompt: Sequence[int], scales: Sequence[float], tokens: int, top: int = 0
    ) -> Completion:
        """Continue the prompt greedily; a scale for each adapter, 0 turns it off."""
        ...

    def stream(
        self, prompt: Sequence[int], scales: Sequence[float], tokens: int
    ) -> Iterator[Piece]:
        """The same, piece by piece; closing the generator stops the generation."""
        ...

    def tokenize(self, text: str) -> list[int]:
        """The ids of a text; none of it is taken for a special token."""
        ...

    def special(self, text: str) -> int | None:
        """The id of a special token, if the base has it."""
        ...

    @property
    def keeps_states(self) -> bool:
        """Whether what was read can be saved and loaded again."""
        ...

    def save_state(self, scales: Sequence[float], name: str) -> int:
        """Save what was read last with these adapters as a file; how many tokens that is."""
        ...

    def load_state(self, scales: Sequence[float], name: str) -> int:
        """Load what was saved; how many tokens need not be read again."""
        ...

    def close(self) -> None:
        """End the process, and wait for it."""
        ...
