"""What is read from the code of one file."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Symbol:
    """Something that a file defines; lines are 1-based and inclusive."""

    path: str
    symbol: str
    name: str
    kind: str
    line: int
    last_line: int
    signature: str


@dataclass(frozen=True, slots=True)
class ConfigurationPoint:
    """A value set from outside: an environment variable, an option, a key."""

    path: str
    name: str
    kind: str
    line: int
    default: str


@dataclass(frozen=True, slots=True)
class FileFacts:
    """The facts of a file; others see `outline`, it calls `uses`."""

    path: str
    language: str
    symbols: tuple[Symbol, ...]
    configuration: tuple[ConfigurationPoint, ...]
    outline: bytes
    uses: bytes
