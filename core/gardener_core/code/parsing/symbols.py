"""What a parser finds in a file.

Calls and bindings are tuples: there are so many that making a dataclass of each costs a tenth of
the reading.
"""

from dataclasses import dataclass
from typing import NamedTuple

SECTIONS = frozenset({"key", "section"})  # parts of documents and data, not of code
STAR = "*"  # the member of an import that takes every name of a module


class Call(NamedTuple):
    """A call site: what is called, on what (a chain), in which line (1-based).

    Passed: the name was handed over, not called.
    """

    name: str
    receiver: str
    line: int
    passed: bool = False


@dataclass(frozen=True, slots=True)
class Import:
    """A name that a file takes from a module; without a member it is the module itself."""

    scope: str
    name: str
    module: str
    member: str


class Binding(NamedTuple):
    """A name that is given a value (a chain) or a type inside a symbol.

    `return` is what a function without a return type gives back.
    """

    scope: str
    name: str
    value: str
    type: str


@dataclass(frozen=True, slots=True)
class ConfigurationRead:
    """What somebody may set from outside: a key, an environment name, a command's option."""

    name: str
    kind: str
    line: int
    default: str


@dataclass(frozen=True, slots=True)
class Definition:
    """Something with a name; `start` and `end` are bytes, whole lines, comments above included.

    Complexity is 1 + the branches inside, those of nested functions too. A property is a method
    that is read like a value.
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
    returns: str = ""
    line: int = 0
    is_property: bool = False


@dataclass(frozen=True, slots=True)
class Parsed:
    """A file's definitions in order, the calls outside any definition, and what names mean."""

    definitions: tuple[Definition, ...]
    imports: tuple[Import, ...]
    calls: tuple[Call, ...]
    bindings: tuple[Binding, ...] = ()
    knobs: tuple[ConfigurationRead, ...] = ()


NOTHING = Parsed((), (), ())
