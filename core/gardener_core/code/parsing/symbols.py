"""What parsing finds in a file.

Calls and bindings are tuples: there are so many that dataclasses would cost a tenth of the reading.
"""

from dataclasses import dataclass
from typing import NamedTuple

SECTIONS = frozenset({"key", "section"})  # parts of documents and data, not of code
STAR = "*"  # the member of an import of every name of a module


class Call(NamedTuple):
    """A call site: what is called, on what (a chain), in which line (1-based).

    `passed` marks a name that is passed on and not called.
    """

    name: str
    receiver: str
    line: int
    passed: bool = False


@dataclass(frozen=True, slots=True)
class Import:
    """A name that a file imports from a module; without a member it is the module itself."""

    scope: str
    name: str
    module: str
    member: str


class Binding(NamedTuple):
    """A name that is bound to a value (a chain) or a type inside a symbol.

    `return` is what a function without a return type returns.
    """

    scope: str
    name: str
    value: str
    type: str


@dataclass(frozen=True, slots=True)
class ConfigurationRead:
    """A place that reads configuration: a key, an environment variable, an option."""

    name: str
    kind: str
    line: int
    default: str


@dataclass(frozen=True, slots=True)
class Definition:
    """A definition; `start` and `end` are bytes of whole lines, with the comments above.

    Complexity is 1 + the branches inside, nested functions included. A property is a method that
    is read like a value.
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
    """A file's definitions in order, its imports and bindings, and the calls outside them."""

    definitions: tuple[Definition, ...]
    imports: tuple[Import, ...]
    calls: tuple[Call, ...]
    bindings: tuple[Binding, ...] = ()
    configuration: tuple[ConfigurationRead, ...] = ()


NOTHING = Parsed((), (), ())
