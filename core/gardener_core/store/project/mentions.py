"""Find the types named in signatures."""

import re
from collections.abc import Sequence

TYPE_KINDS = frozenset({"class", "interface", "struct", "trait", "enum", "object", "type"})
_TYPE_NAME = re.compile(r"\b[A-Z]\w+")

Node = tuple[int, str]  # a file and a symbol in it; without a symbol the file's own code
Named = tuple[int, str, str]  # the same with the file's path


def types_named(signature: str) -> set[str]:
    """Words that look like names of types."""
    return set(_TYPE_NAME.findall(signature))


def is_own(node: Node, other: Node) -> bool:
    """Whether `other` is the symbol itself or the type that it is a member of."""
    return other == node or other == (node[0], node[1].rpartition(".")[0])


def nearest(path: str, types: Sequence[Named]) -> Node | None:
    """The type meant in a file: the only one, or the only one nearby."""
    if not types:
        return None
    suffix = path.rpartition(".")[2]
    candidates = [each for each in types if each[2].endswith(suffix)]
    if len(candidates) > 1:
        folder = path.rpartition("/")[0]
        in_file = [each for each in candidates if each[2] == path]
        candidates = in_file or [
            each for each in candidates if each[2].rpartition("/")[0] == folder
        ]
    return candidates[0][:2] if len(candidates) == 1 else None
