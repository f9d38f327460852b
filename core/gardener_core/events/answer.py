"""Events of an answer while it is written."""

from dataclasses import dataclass
from typing import Literal

from gardener_core.events.parts import Citation, CodeSpan, FoundSource
from gardener_core.events.switch import Likely

QuestionKind = Literal["where", "does", "callers", "config", "files", "changed", "test", "path"]
Outcome = Literal["answered", "mentioned", "not_found"]
# "also" is another likely place, "namesake" another symbol of the same name, "setting" a place that
# reads or holds configuration, "step" a call on the way from one symbol to another, "run" a command
# that runs the tests, "mentioned" a line with a name that is not defined here.
CardLabel = Literal[
    "where", "also", "does", "signature", "called_by", "calls", "tested_in", "configured_by",
    "changed", "changelog", "documented_in", "namesake", "setting", "file", "step", "run",
    "mentioned", "nearest",
]  # fmt: skip
# Why a line has no call, test, setting or change to show.
Absence = Literal["", "no_call", "no_test", "no_setting", "no_history", "no_path"]


@dataclass(frozen=True, slots=True)
class CardLine:
    """One line of a card with the place that it rests on.

    `n` is the number of its citation; 0 where it has no place. `grade` is how certain a link is.
    `more` counts what is left out for lack of room. `absent` says what was looked for and not
    found; then `text` is empty. `moved` is set where the file has changed since it was indexed.
    """

    label: CardLabel
    text: str
    n: int = 0
    path: str = ""
    start_line: int = 0
    end_line: int = 0
    symbol: str = ""
    grade: Literal["", "sure", "likely"] = ""
    more: int = 0
    absent: Absence = ""
    moved: bool = False


@dataclass(frozen=True, slots=True)
class Composed:
    """The card: what the index knows about the subject of a question, each line with its place.

    `kind` is what the question asks for; it orders the lines. Where the outcome is "not_found" the
    lines are the nearest places, where it is "mentioned" the lines with the name in question.
    `unknown` are words of the question that stand nowhere in the project, `lacking` those that
    stand in no line of the card. `subject` is what "it" means in a question that follows; a
    question that follows is `understood` with that written out.
    """

    lines: tuple[CardLine, ...]
    kind: QuestionKind
    outcome: Outcome
    seconds: float
    subject: CodeSpan | None = None
    unknown: tuple[str, ...] = ()
    lacking: tuple[str, ...] = ()
    understood: str = ""


PartForm = Literal["whole", "signature", "cut", "left_out"]


@dataclass(frozen=True, slots=True)
class PromptPart:
    """A part of what a model reads, and its cost in tokens.

    Code that is too long is cut to its signature; of what is left out, `tokens` is what it would
    cost. "conversation" is one earlier question with its answer, "summary" one in short, "context"
    what was given along.
    """

    name: Literal[
        "words", "rules", "map", "card", "pinned", "code", "conversation", "summary", "context",
        "question",
    ]  # fmt: skip
    tokens: int
    form: PartForm = "whole"
    path: str = ""
    start_line: int = 0
    end_line: int = 0


@dataclass(frozen=True, slots=True)
class Prompted:
    """What a model reads before it explains; the exact prompt is kept in `file`.

    `standing` says whether the model was measured as an explainer: "passed", "failed" or "not
    measured"; only one that passed explains without being named.
    """

    parts: tuple[PromptPart, ...]
    tokens: int
    model: str
    adapter: str
    backend: str
    file: str
    standing: str = ""


@dataclass(frozen=True, slots=True)
class Placed:
    """A question was stored in a conversation, as a message; `answer` is that of what follows."""

    chat: str
    question: int
    answer: int


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of an answer as it is written.

    `unknown` are names that are whole with it and exist nowhere; they may begin in pieces before.
    """

    text: str
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer, whole; `found` is false when the project does not seem to hold it.

    `backend` is "card" where no model took part; `text` is the card as plain text then. `problem`
    says why a model did not explain, or not to the end.

    Of a model's words, `unknown_names` exist neither in the project nor in the libraries and
    packages around it; where `names_checked` is false nobody can tell. A sentence that names no
    line of the card rests on the one in `sources`, which we found, or is `unsourced`.
    `wrong_numbers` are of no line.

    The prompt had `tokens_read` tokens as it was sent; `prompt_read` says whether the engine read
    all of them: "whole", "cut" or "unknown". `tokens_evaluated` is its own count, of which
    `tokens_reused` had been read before. `kept_since` is set where the words are not new: the time
    at which the same prompt was answered by the same model. `alone` says why the card is alone
    where the project has a base that might have explained. `without` says why the model explained
    without the project's adapter, where one was wished for; `caveat` that this has not passed the
    gate, and why it is used.
    """

    text: str
    found: bool
    citations: tuple[Citation, ...]
    backend: str
    model: str
    adapter: str
    tokens: int
    seconds_to_first_token: float
    seconds: float
    tokens_read: int = 0
    unknown_names: tuple[str, ...] = ()
    unsourced: tuple[str, ...] = ()
    problem: str = ""
    sources: tuple[FoundSource, ...] = ()
    names_checked: bool = False
    wrong_numbers: tuple[int, ...] = ()
    prompt_read: str = ""
    tokens_evaluated: int = 0
    tokens_reused: int = 0
    kept_since: float = 0.0
    alone: str = ""
    without: str = ""
    caveat: str = ""


@dataclass(frozen=True, slots=True)
class Completed:
    """The base model's continuation of some code; `adapter` is empty where none took part.

    `model` and `backend` say what answered. `ended` is "scope" where the block of code ended,
    "model" where the model itself ended, "tokens" where it was as long as was asked for.
    `prompt_read` is of an Ollama server: "whole", "cut", or "unknown" where it does not tell.
    `without` says why the project's adapter took no part, where it was wished for; `caveat` that
    it has not passed the gate, and why it is used. `top` are the likeliest tokens to begin with,
    where they were asked for. `digest` is that of the model of an Ollama server that answered.
    """

    text: str
    adapter: str
    tokens: int
    seconds: float
    model: str = ""
    backend: str = ""
    ended: str = ""
    seconds_to_first_token: float = 0.0
    prompt_read: str = ""
    without: str = ""
    caveat: str = ""
    top: tuple[Likely, ...] = ()
    digest: str = ""


@dataclass(frozen=True, slots=True)
class ReadAhead:
    """What was read of the prompt of a question that is still being written.

    `skipped` says why it was not read, or not to its end.
    """

    tokens: int
    of: int
    seconds: float
    skipped: Literal["", "nothing", "battery", "load", "changed", "off", "elsewhere"] = ""


SummariesSkipped = Literal["", "nothing", "battery", "load", "changed", "unloaded"]


@dataclass(frozen=True, slots=True)
class SummariesMade:
    """How many exchanges of a conversation a model has shortened, and how many it has not.

    `skipped` says why it did not come to the others; where it is empty, they have a summary
    already, or what it wrote was of no use.
    """

    chat: str
    by_model: int
    others: int
    seconds: float
    skipped: SummariesSkipped = ""


@dataclass(frozen=True, slots=True)
class NamesChecked:
    """The names in a text, and those of them that exist nowhere.

    `judged` is false where nothing can be said of the languages.
    """

    names: int
    unknown: tuple[str, ...]
    judged: bool
