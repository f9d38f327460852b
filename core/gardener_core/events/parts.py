"""Parts of events."""

from dataclasses import dataclass


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


@dataclass(frozen=True, slots=True)
class Fidelity:
    """How far llama.cpp on the written files is from PEFT on the same token ids."""

    positions: int
    worst_base: float
    worst_adapter: float
    adapter_effect: float
    token_texts: int
    token_texts_differing: int


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
