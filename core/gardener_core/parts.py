"""What facts are made of."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Citation:
    """A place that an answer quotes."""

    n: int
    path: str
    start_line: int
    end_line: int
    symbol: str


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
