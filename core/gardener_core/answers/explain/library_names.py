"""The names that languages bring along."""

import zlib
from collections.abc import Iterable
from functools import cache
from importlib.resources import files

# What a file of these languages may name besides its own; gathered by
# `tools/gather_library_names.py`.
_LIBRARIES = {
    "python": "python",
    "javascript": "javascript",
    "typescript": "javascript",
    "tsx": "javascript",
}
# Documents and data name whatever they like.
_NEUTRAL = frozenset({"", "text", "markdown", "json", "toml", "yaml"})


def libraries_of(languages: Iterable[str]) -> frozenset[str] | None:
    """The libraries of languages; None where one is not known here, or none is code."""
    code = {language for language in languages if language not in _NEUTRAL}
    if not code or not code <= _LIBRARIES.keys():
        return None
    return frozenset(_LIBRARIES[language] for language in code)


@cache
def library_names(library: str) -> frozenset[str]:
    """Keywords, builtins, and the names in the standard library."""
    packed = files("gardener_core.answers.explain").joinpath(f"data/{library}.z").read_bytes()
    return frozenset(zlib.decompress(packed).decode().split("\n"))
