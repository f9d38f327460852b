"""What a parser finds in a file."""

from dataclasses import dataclass

SECTIONS = frozenset({"key", "section"})  # parts of documents and data, not of code


@dataclass(frozen=True, slots=True)
class Call:
    """A call site: what is called, on what, in which line (1-based)."""

    name: str
    receiver: str
    line: int


@dataclass(frozen=True, slots=True)
class Definition:
    """Something with a name; `start` and `end` are bytes, whole lines, comments above included.

    Complexity is 1 + the branches inside, those of nested functions too.
    """

    symbol: str
    name: str
    kind: str
    start: int
    end: int
    signature: str
    doc: str
    bases: tuple[str, ...]
    complexity: int
    calls: tuple[Call, ...]


@dataclass(frozen=True, slots=True)
class Parsed:
    """A file's definitions in order, its imports, and the calls outside any definition."""

    definitions: tuple[Definition, ...]
    imports: tuple[str, ...]
    calls: tuple[Call, ...]


NOTHING = Parsed((), (), ())
