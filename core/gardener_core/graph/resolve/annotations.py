"""Read the class out of a type annotation."""

import re
from functools import lru_cache

MAX_LAYERS = 5
NO_CLASS = ""
ANY_CLASS = "?"  # it may be any class
_WORDS_BEFORE = re.compile(r"^(?:(?:const|mut|dyn|impl|struct|final|readonly|class|enum|'\w+)\s+)+")
_SHAPE = re.compile(r"([A-Za-z_$][\w.:$]*)\s*(?:[\[<](.*)[\]>])?")
_NOTHING = frozenset({"None", "null", "undefined", "nil"})
_ANYTHING = frozenset({"Any", "object", "Object", "any", "unknown", "Self", "this", "auto", "T"})
_ITERATED = frozenset(
    {
        "list", "List", "Sequence", "Iterable", "Iterator", "Generator", "set", "Set", "frozenset",
        "FrozenSet", "deque", "Deque", "Collection", "AsyncIterator", "AsyncIterable",
        "AsyncGenerator", "MutableSequence", "AbstractSet", "Array", "ReadonlyArray", "Vec",
    }
)  # fmt: skip
_ENTERED = frozenset(
    {
        "Iterator", "Generator", "Iterable", "AsyncIterator", "AsyncGenerator", "AsyncIterable",
        "ContextManager", "AbstractContextManager", "AsyncContextManager",
        "AbstractAsyncContextManager",
    }
)  # fmt: skip


@lru_cache(maxsize=1 << 14)
def class_named(text: str, see_through: frozenset[str]) -> tuple[str, bool]:
    """The chain of the one class that a type names, and whether the class itself is meant.

    `Optional[Session]` and `*Session` name `Session`; a container or a union names none.
    """
    for _ in range(MAX_LAYERS):
        text = _WORDS_BEFORE.sub("", text.strip(" *&;:")).strip(" *&")
        if text.startswith("(") and text.endswith(")"):  # several values: the first is the result
            text = _split(text[1:-1], ",")[0].rpartition(" ")[2]
            continue
        choices = [part for part in _split(text, "|") if part not in _NOTHING]
        if len(choices) != 1:
            return ANY_CLASS, False
        shape = _SHAPE.fullmatch(choices[0])
        if shape is None:
            return NO_CLASS, False
        name, inner = shape[1], shape[2] or ""
        last = re.split(r"\.|::", name)[-1]
        if last == "Union":
            text = " | ".join(_split(inner, ","))
        elif last in ("Type", "type") and inner:
            return inner.strip(), True
        elif (name in see_through or last in see_through) and inner:
            text = _split(inner, ",")[0]
        else:
            return (ANY_CLASS if name in _ANYTHING else name.replace("::", ".")), False
    return ANY_CLASS, False


@lru_cache(maxsize=1 << 12)
def element_type(text: str) -> str:
    """The type of a container's elements; empty for anything else."""
    bare = text.strip()
    if bare.endswith("[]"):
        return bare[:-2]
    if bare.startswith("[]"):
        return bare[2:]
    return _first_argument(bare, _ITERATED)


@lru_cache(maxsize=1 << 12)
def entered_type(text: str) -> str:
    """The type that a `with` binds, of a function that is made a context manager."""
    return _first_argument(text.strip(), _ENTERED)


def _first_argument(text: str, names: frozenset[str]) -> str:
    shape = _SHAPE.fullmatch(text)
    if shape is None or not shape[2] or re.split(r"\.|::", shape[1])[-1] not in names:
        return ""
    return _split(shape[2], ",")[0]


def _split(text: str, at: str) -> list[str]:
    """Split at separators outside of brackets."""
    parts, depth, start = [], 0, 0
    for place, letter in enumerate(text):
        if letter in "[(<{":
            depth += 1
        elif letter in "])>}":
            depth -= 1
        elif letter == at and depth == 0:
            parts.append(text[start:place])
            start = place + 1
    return [part.strip() for part in (*parts, text[start:]) if part.strip()] or [""]
