"""What an answer is asked for with."""

from dataclasses import dataclass

from gardener_core.events.parts import CodeSpan
from gardener_core.models.serving.served import EngineSetting

# Longer contexts cost memory before anybody uses them; the setting `models.context` asks for more.
USUAL_CONTEXT = 4096


@dataclass(frozen=True, slots=True)
class CompleteRequest:
    """Continue code, up to `suffix` where there is one; `Token`s and `Completed`.

    `adapter` is a version, or empty for the base alone. A `context` of 0 is the usual one. At most
    `memory_bytes` are taken for all loaded models; 0 leaves it to the pool. `fallback` is a base
    that completes, with no adapter, where the other cannot; empty for none. What is written is
    stored as the message `answer` of a conversation, unless that is 0. `without` says why no
    adapter is asked for where the project has one. So many of the likeliest `top` tokens to begin
    with are told, with their log-probabilities.
    """

    project: str
    base: str
    adapter: str
    prefix: str
    tokens: int
    suffix: str = ""
    context: int = 0
    memory_bytes: int = 0
    engine: EngineSetting = "auto"
    fallback: str = ""
    answer: int = 0
    without: str = ""
    top: int = 0

    @property
    def tokens_of_context(self) -> int:
        """How much is reserved for the prompt and what is written."""
        return self.context or USUAL_CONTEXT


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question of a conversation, its answer, and the symbol that its card was about.

    Of an older one the answer is empty, and only the `summary` of both goes along.
    """

    question: str
    answer: str
    subject: CodeSpan | None = None
    summary: str = ""


@dataclass(frozen=True, slots=True)
class AskRequest:
    """Answer from code; answered by `Retrieved`, `Composed` and `Answered`.

    Where a base is named, it explains the card: `Prompted` and `Token`s come before `Answered`.
    `before` is the conversation so far, the oldest first: "it" means what was spoken of there.
    `given` is a text that goes along, such as the output of a command. An answer that was kept is
    not given again if it is wanted `anew`. `thorough` lets the model read more, whatever it takes.
    With `only_known` the model is not asked where a word of the question occurs nowhere. The answer
    is stored as the message `answer` of a conversation, unless that is 0. `without` says why no
    adapter is asked for where the project has one.
    """

    project: str
    question: str
    results: int
    code_may_leave: bool = False
    base: str = ""
    adapter: str = ""
    tokens: int = 200
    context: int = 0
    memory_bytes: int = 0
    engine: EngineSetting = "auto"
    before: tuple[Exchange, ...] = ()
    given: str = ""
    anew: bool = False
    thorough: bool = False
    only_known: bool = False
    answer: int = 0
    without: str = ""

    @property
    def tokens_of_context(self) -> int:
        """How much is reserved for the prompt and what is written."""
        return self.context or USUAL_CONTEXT


@dataclass(frozen=True, slots=True)
class ReadAheadRequest:
    """Read the prompt of a question that is still being written; answered by `ReadAhead`."""

    ask: AskRequest


@dataclass(frozen=True, slots=True)
class SummariseRequest:
    """Shorten exchanges of a conversation, by their answers; answered by `SummariesMade`.

    The base of `ask` writes; without one, first sentences are taken. With `spare` it writes only
    where that takes nothing from anybody: not on battery, not under load, and only if it is loaded.
    """

    ask: AskRequest
    chat: str
    answers: tuple[int, ...]
    spare: bool = True


@dataclass(frozen=True, slots=True)
class CheckNamesRequest:
    """Look for the names in a text that speaks of code; answered by `NamesChecked`."""

    project: str
    text: str
    languages: tuple[str, ...]
