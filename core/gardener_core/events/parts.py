"""Parts of events."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class CodeSpan:
    """A span of code, known by its symbol; where it has none, by its lines.

    Lines are 1-based and inclusive.
    """

    path: str
    symbol: str
    kind: str
    language: str
    start_line: int
    end_line: int

    def same(self, other: "CodeSpan") -> bool:
        """Whether both are the same code, or a part of it."""
        if (self.path, self.symbol) != (other.path, other.symbol):
            return False
        overlaps = other.start_line <= self.end_line and self.start_line <= other.end_line
        return bool(self.symbol) or overlaps


@dataclass(frozen=True, slots=True)
class Citation:
    """A place that an answer quotes."""

    n: int
    path: str
    start_line: int
    end_line: int
    symbol: str


@dataclass(frozen=True, slots=True)
class FoundSource:
    """The line of a card that a sentence without a number rests on, found by comparing words.

    `share` is how much of the sentence, by the rarity of its words, the line holds.
    """

    sentence: str
    n: int
    share: float


@dataclass(frozen=True, slots=True)
class WrittenFile:
    """A file that an export wrote."""

    path: str
    bytes: int
    sha256: str


# What of an exported file is not as it was trained; the loss of bits alone can be accepted.
FidelityProblem = Literal["prompts", "tokens", "end token", "gap", "greedy", "bits"]


@dataclass(frozen=True, slots=True)
class Fidelity:
    """How far llama.cpp on the written files is from PEFT on the same token ids.

    Gaps are the largest among the ten likeliest tokens, in nats; a `gap_bound` of 0 is none. Bits
    are per byte of `scored_files` files, which were held out unless `held_out` says otherwise;
    `bits_low` and `bits_high` hold what is lost, as a share, in 95 of 100 cases. `bytes` are of
    what is loaded, `memory_bytes` what llama.cpp held of them, `tokens_a_second` how fast it wrote
    on this machine. `reason` is why a person accepts what is lost.
    """

    positions: int
    worst_base: float
    worst_adapter: float
    adapter_effect: float
    token_texts: int
    token_texts_differing: int
    format: str = ""
    gap_bound: float = 0.0
    greedy_equal: int = 0
    greedy_bound: float = 0.0
    prompts: int = 0
    prompts_differing: int = 0
    end_tokens: int = 0
    end_tokens_missing: int = 0
    held_out: bool = True
    scored_files: int = 0
    scored_tokens: int = 0
    bits_base: float = 0.0
    bits_trained: float = 0.0
    bits_exported: float = 0.0
    bits_low: float = 0.0
    bits_high: float = 0.0
    bits_bound: float = 0.0
    bytes: int = 0
    memory_bytes: int = 0
    tokens_a_second: float = 0.0
    problems: tuple[FidelityProblem, ...] = ()
    reason: str = ""

    @property
    def bits_lost(self) -> float:
        """What the export lost against the trained model, as a share of its bits per byte."""
        return self.bits_exported / self.bits_trained - 1 if self.bits_trained else 0.0

    @property
    def passes(self) -> bool:
        """Whether the written files may be given out and deployed."""
        return not self.problems or (self.problems == ("bits",) and bool(self.reason))


@dataclass(frozen=True, slots=True)
class LanguageCount:
    """How much of a project is written in one language."""

    name: str
    files: int
    lines: int
    bytes: int


@dataclass(frozen=True, slots=True)
class SkippedFile:
    """A file that was left out, and why."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class HiddenSecret:
    """A secret that was kept out of the index: by which rule, and where."""

    path: str
    line: int
    rule: str


@dataclass(frozen=True, slots=True)
class LeftOut:
    """How many files were left out for one reason."""

    reason: str
    files: int


@dataclass(frozen=True, slots=True)
class Correction:
    """What was added to a hit's score, and for what."""

    name: str
    value: float


@dataclass(frozen=True, slots=True)
class Why:
    """Why a hit ranks where it does: rank and score in each list (rank 0: not in it), the words of
    the query that it holds, and corrections.

    A hit's score is `words_part`, `meaning_part` and the corrections, added up.
    """

    words_rank: int
    words_score: float
    terms: tuple[str, ...]
    meaning_rank: int = 0
    meaning_score: float = 0.0
    corrections: tuple[Correction, ...] = ()
    words_part: float = 0.0
    meaning_part: float = 0.0
