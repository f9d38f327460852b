"""What lets a model explain, whichever engine computes."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal, Protocol

from gardener_core.answers.served_adapters import adapter_identity
from gardener_core.answers.serving import ServedBases
from gardener_core.answers.turning import Served
from gardener_core.events.run import Noted
from gardener_core.models.chat_template import ChatTurn, chat_prompt
from gardener_core.models.serving.routing import CHARACTERS_A_TOKEN
from gardener_core.models.serving.served import Piece
from gardener_core.models.shape import shape_of

Reading = Literal["whole", "cut", "unknown"]
# A smaller model writes numbers where sentences were wanted, or no number at all; what it says is
# given its sources by us.
FEWEST_PARAMETERS_TO_CITE = 1_000_000_000
READ_AT_ONCE = 96  # tokens that are read before a change is heard


@dataclass(frozen=True, slots=True)
class Prepared:
    """A prompt as it is sent: its exact text, and its tokens where they are counted here."""

    text: str
    tokens: int
    ids: tuple[int, ...] = ()
    messages: tuple[ChatTurn, ...] = ()


@dataclass(frozen=True, slots=True)
class PromptReading:
    """Whether all of a prompt was read, and its tokens as the engine counts them.

    `reused` had been read before, as the beginning of another prompt.
    """

    reading: Reading
    evaluated: int
    reused: int = 0


def characters_to_tokens(text: str) -> int:
    """About how many tokens a text has, where nothing here can count them."""
    return -(-len(text) // CHARACTERS_A_TOKEN)


class Speaker(Protocol):
    """A model that is ready to explain."""

    @property
    def model(self) -> str:
        """Its name."""
        ...

    @property
    def adapter(self) -> str:
        """The version of the adapter that is on; empty for none."""
        ...

    @property
    def without(self) -> str:
        """Why the adapter that was wished for is not on."""
        ...

    @property
    def loaded(self) -> int:
        """How many tokens of an earlier prompt were loaded with it, and need not be read again."""
        ...

    @property
    def backend(self) -> str:
        """The engine that computes."""
        ...

    @property
    def identity(self) -> str:
        """What decides its answer besides the prompt: weights, adapter, engine."""
        ...

    @property
    def context(self) -> int:
        """How many tokens it holds at most, prompt and answer together."""
        ...

    @property
    def speed(self) -> float:
        """How many tokens it reads a second."""
        ...

    @property
    def cites(self) -> bool:
        """Whether it is asked for the numbers of lines."""
        ...

    def count(self, text: str) -> int:
        """How many tokens a text has."""
        ...

    def prepare(self, messages: Sequence[ChatTurn]) -> Prepared:
        """A conversation as it is sent."""
        ...

    def stream(
        self, prompt: Prepared, tokens: int, cancelled: Callable[[], bool]
    ) -> Iterator[Piece | Noted]:
        """The answer, piece by piece, and what there is to say of the waiting."""
        ...

    def reading(self, prompt: Prepared) -> PromptReading:
        """How the prompt of the last answer was read."""
        ...


def read_in_parts(
    speaker: Speaker, prompt: Prepared, done: int, cancelled: Callable[[], bool]
) -> Iterator[int]:
    """Let a prompt be read, part by part; how much of it the engine holds after each."""
    whole = len(prompt.ids)
    while done < whole and not cancelled():
        done = min(whole, done + READ_AT_ONCE)
        for _ in speaker.stream(replace(prompt, ids=prompt.ids[:done]), 1, cancelled):
            pass
        yield done


class BaseSpeaker:
    """A base that is served here, with an adapter or alone."""

    def __init__(self, bases: ServedBases, served: Served, adapter: str, context: int) -> None:
        self.served = served
        self.speed = bases.reading_speed(served.base, served.engine)
        self.model = served.base.name
        self.adapter = adapter if served.adapter else ""
        self.without = served.without
        self.loaded = served.turn.loaded
        self.backend: str = served.engine
        self.context = context
        weights = adapter_identity(served.adapter) if served.adapter else ""
        self.identity = f"{served.base.sha256} {weights} {served.engine}"
        self.cites = shape_of(served.base).parameters >= FEWEST_PARAMETERS_TO_CITE

    def count(self, text: str) -> int:
        """How many tokens a text has."""
        return len(self.served.model.tokenize(text))

    def prepare(self, messages: Sequence[ChatTurn]) -> Prepared:
        """A conversation in the form that the base was taught."""
        ids, text = chat_prompt(self.served.model, self.served.base, messages)
        return Prepared(text, len(ids), tuple(ids), tuple(messages))

    def stream(
        self, prompt: Prepared, tokens: int, cancelled: Callable[[], bool]
    ) -> Iterator[Piece]:
        """The answer, piece by piece."""
        for piece in self.served.model.stream(prompt.ids, self.served.scales, tokens):
            yield piece
            if cancelled():
                return

    def reading(self, prompt: Prepared) -> PromptReading:
        """How the prompt of the last answer was read, by the engine's own count."""
        timing = self.served.model.timing
        reading: Reading = "whole" if timing.evaluated == len(prompt.ids) else "cut"
        if not timing.evaluated:
            reading = "unknown"
        return PromptReading(reading, timing.evaluated, timing.evaluated - timing.read)
