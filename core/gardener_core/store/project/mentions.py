"""Find the types that a signature names."""

import re
from collections.abc import Sequence

TYPE_KINDS = frozenset({"class", "interface", "struct", "trait", "enum", "object", "type"})
_TYPE_NAME = re.compile(r"\b[A-Z]\w+")

Node = tuple[int, str]  # a file and a symbol in it; without a symbol the file's own code
Named = tuple[int, str, str]  # the same with the file's path


def types_named(signature: str) -> set[str]:
    """What looks like the name of a type."""
    return set(_TYPE_NAME.findall(signature))


def is_own(node: Node, other: Node) -> bool:
    """Whether a type is the symbol itself, or that whose member it is."""
    return other == node or other == (node[0], node[1].rpartition(".")[0])


def nearest(path: str, places: Sequence[Named]) -> Node | None:
    """The one that is meant in a file: the only one, or the only one in the file or its folder."""
    if not places:
        return None
    suffix = path.rpartition(".")[2]
    alike = [each for each in places if each[2].endswith(suffix)]
    if len(alike) > 1:
        folder = path.rpartition("/")[0]
        here = [each for each in alike if each[2] == path]
        alike = here or [each for each in alike if each[2].rpartition("/")[0] == folder]
    return alike[0][:2] if len(alike) == 1 else None
