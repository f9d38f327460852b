"""Find and cut docs in the code of any language."""

import re
from pathlib import PurePosixPath

from gardener_core.code.docs.documented import LANGUAGE_OF_SUFFIX, Documented, cut_out, documented
from gardener_core.code.languages.table import language_of
from gardener_core.code.parsing.queries import parse
from gardener_core.code.parsing.symbols import SECTIONS

_FUNCTIONS = frozenset({"function", "method"})
_HASHES = frozenset({"ruby", "shell"})  # where a hash begins a comment
_LINE = re.compile(rb"[ \t]*(?://[^\n]*)?\n")
_HASH_LINE = re.compile(rb"[ \t]*(?:#[^\n]*)?\n")
_BLOCK = re.compile(rb"[ \t]*/\*.*?\*/[ \t]*\n", re.S)


def documented_in(path: str, raw: bytes) -> list[Documented]:
    """Functions and types of a file with what is said above them, or inside of them."""
    language = LANGUAGE_OF_SUFFIX.get(PurePosixPath(path).suffix)
    if language:
        return documented(raw, language)
    name = language_of(path)
    found = []
    for item in parse(name, path, raw).definitions:
        if item.kind in SECTIONS or item.kind == "constant":
            continue
        end = _end_of_comments(raw, item.start, name) if item.doc else item.start
        cut = (item.start, end) if end > item.start else None
        is_function = item.kind in _FUNCTIONS
        found.append(
            Documented(item.symbol, is_function, item.doc if cut else "", item.start, item.end, cut)
        )
    return found


def without_any_docs(path: str, raw: bytes) -> bytes:
    """A file with the docs of its functions and types cut out."""
    language = LANGUAGE_OF_SUFFIX.get(PurePosixPath(path).suffix, "")
    return cut_out(raw, documented_in(path, raw), language)


def _end_of_comments(raw: bytes, start: int, language: str) -> int:
    line = _HASH_LINE if language in _HASHES else _LINE
    while found := _BLOCK.match(raw, start) or line.match(raw, start):
        start = found.end()
    return start
