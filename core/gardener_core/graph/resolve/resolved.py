"""What a name or a chain of names resolves to."""

from typing import Literal, NamedTuple

from gardener_core.code.parsing.outlines import FileUses
from gardener_core.graph.resolve.outlines import Place

MAX_DEPTH = 8  # so many names are followed from one to the next; it ends every circle
CALLABLE = frozenset({"function", "method", "macro", "property"})

# "typed" is an instance of a type that is not resolved yet, "foreign" comes from outside the
# project, "unclear" is written somewhere without a type, "nothing" is not written at all.
Kind = Literal[
    "module", "package", "class", "function", "instance", "super", "typed",
    "foreign", "unclear", "nothing",
]  # fmt: skip


class Resolved(NamedTuple):
    """A symbol of the project, an instance of one, or why it is neither.

    `via` is the class that a method was reached through.
    """

    kind: Kind
    path: str = ""
    symbol: str = ""
    via: Place | None = None

    @property
    def in_project(self) -> bool:
        """Whether it is something in the project."""
        return self.kind not in ("foreign", "unclear", "nothing")


class CodeScope(NamedTuple):
    """Where a chain stands; without uses it is seen from another file."""

    path: str
    symbol: str
    uses: FileUses | None = None


FOREIGN, UNCLEAR, NOTHING = Resolved("foreign"), Resolved("unclear"), Resolved("nothing")
