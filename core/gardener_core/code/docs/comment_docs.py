"""Find doc comments above definitions."""

import re

from gardener_core.code.docs.documented_item import Documented
from gardener_core.code.languages.table import language_of
from gardener_core.code.parsing.queries import parse
from gardener_core.code.parsing.symbols import SECTIONS

_FUNCTIONS = frozenset({"function", "method"})
_HASHES = frozenset({"ruby", "shell"})  # where a hash begins a comment
_LINE = re.compile(rb"[ \t]*(?://[^\n]*)?\n")
_HASH_LINE = re.compile(rb"[ \t]*(?:#[^\n]*)?\n")
_BLOCK = re.compile(rb"[ \t]*/\*.*?\*/[ \t]*\n", re.S)


def docs_in_comments(path: str, raw: bytes) -> list[Documented]:
    """Functions and types in order, with or without a comment above them."""
    language = language_of(path)
    found = []
    for item in parse(language, path, raw).definitions:
        if item.kind in SECTIONS or item.kind == "constant":
            continue
        end = _end_of_comments(raw, item.start, language) if item.doc else item.start
        cut = (item.start, end) if end > item.start else None
        is_function = item.kind in _FUNCTIONS
        found.append(
            Documented(item.symbol, is_function, item.doc if cut else "", item.start, item.end, cut)
        )
    return found


def _end_of_comments(raw: bytes, start: int, language: str) -> int:
    line = _HASH_LINE if language in _HASHES else _LINE
    while found := _BLOCK.match(raw, start) or line.match(raw, start):
        start = found.end()
    return start
